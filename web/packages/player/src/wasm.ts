// Loads the decision core. Apart from the rest, so that the engine can be had without it.

import type { DecisionCore } from './core/contract.ts';
import { wasmCore, type WasmExports } from './core/wasmCore.ts';
import { loadModule, type Source } from './loadModule.ts';

/** `source`: where the `.wasm` file is, or its bytes; default beside this module. */
export async function createWasmCore(source?: Source): Promise<DecisionCore> {
  // Written out whole, so that bundlers find the file.
  const beside = new URL('./wasm/quicksync_wasm.wasm', import.meta.url);
  const { instance } = await loadModule('the decision core', source ?? beside);
  return wasmCore(instance.exports as unknown as WasmExports);
}
