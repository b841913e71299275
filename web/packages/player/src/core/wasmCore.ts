// The decision core in WebAssembly behind the engine's own interface. Converts, decides nothing.

import type { CoreOutput, DecisionCore } from './contract.ts';
import { configLine, inputLine, trackLine } from './lines.ts';

interface WasmSession {
  handle(nowUs: number, input: string): void;
  poll(): string;
  log(): string;
  free(): void;
}

/** The part of the generated module that plays. */
export interface WasmModule {
  readonly PlaybackSession: new (configLine: string, trackLine: string) => WasmSession;
}

export const wasmCore = (module: WasmModule): DecisionCore => ({
  begin(config, track, ladder, now) {
    const session = new module.PlaybackSession(configLine(config), trackLine(track, ladder, now));
    return {
      handle: (at, input) => session.handle(at, inputLine(input)),
      // Words of the core's own making: their shape is the contract's.
      poll: () => JSON.parse(session.poll()) as CoreOutput,
      log: () => session.log(),
      free: () => session.free(),
    };
  },
});
