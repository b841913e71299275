// Loads the decision core. Apart from the rest, so that the engine can be had without it.

import type { DecisionCore } from './core/contract.ts';
import { wasmCore, type WasmExports } from './core/wasmCore.ts';

type Source = URL | string | BufferSource;

/** `source`: where the `.wasm` file is, or its bytes; default beside this module. */
export async function createWasmCore(source?: Source): Promise<DecisionCore> {
  // Written out whole, so that bundlers find the file.
  const beside = new URL('./wasm/quicksync_wasm.wasm', import.meta.url);
  const { instance } = await instantiate(source ?? beside);
  return wasmCore(instance.exports as unknown as WasmExports);
}

async function instantiate(source: Source): Promise<WebAssembly.WebAssemblyInstantiatedSource> {
  if (typeof source !== 'string' && !(source instanceof URL)) {
    return WebAssembly.instantiate(source);
  }
  const response = await fetch(source);
  if (!response.ok) throw new Error(`the decision core: ${response.status} ${response.statusText}`);
  // Compiling while it arrives needs the right media type, which not every server sends.
  const streams = response.headers.get('Content-Type')?.startsWith('application/wasm');
  if (streams) return WebAssembly.instantiateStreaming(response);
  return WebAssembly.instantiate(await response.arrayBuffer());
}
