// Fetches and compiles a WebAssembly module.

/** Where the `.wasm` file is, or its bytes. */
export type Source = URL | string | BufferSource;

/** `what`: named in errors. */
export async function loadModule(
  what: string,
  source: Source,
): Promise<WebAssembly.WebAssemblyInstantiatedSource> {
  if (typeof source !== 'string' && !(source instanceof URL)) {
    return WebAssembly.instantiate(source);
  }
  const response = await fetch(source);
  if (!response.ok) throw new Error(`${what}: ${response.status} ${response.statusText}`);
  // Compiling while it arrives needs the right media type, which not every server sends.
  const streams = response.headers.get('Content-Type')?.startsWith('application/wasm');
  if (streams) return WebAssembly.instantiateStreaming(response);
  return WebAssembly.instantiate(await response.arrayBuffer());
}
