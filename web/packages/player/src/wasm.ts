// Loads the decision core. Apart from the rest, so that the engine can be had without it.

import type { DecisionCore } from './core/contract.ts';
import { wasmCore } from './core/wasmCore.ts';
import init, { PlaybackSession, replay } from './wasm/quicksync_wasm.js';

type Source = URL | string | BufferSource;

/** `source`: where the `.wasm` file is, or its bytes; default beside this module. */
export async function createWasmCore(source?: Source): Promise<DecisionCore> {
  // Written out whole, so that bundlers find the file.
  const beside = new URL('./wasm/quicksync_wasm_bg.wasm', import.meta.url);
  await init({ module_or_path: source ?? beside });
  return wasmCore({ PlaybackSession });
}

/** Decides a log again; how many outputs were the same. Throws at the first that differs. */
export const replayLog = (log: string): number => replay(log);
