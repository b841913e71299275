// Fails when the player has grown: what a listener's phone loads before the first sound counts. The
// what-if is loaded by whoever asks for it, and counted apart.
import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

/** Minified and compressed, without the WebAssembly core. */
const BUDGET_BYTES = 20 * 1024;
/** The simulator in WebAssembly, the core's table of 60 kB included. */
const WHATIF_BYTES = 192 * 1024;
const WHATIF = 'packages/player/src/wasm/quicksync_whatif.wasm';

const { output } = (
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['quicksync-source'] },
    build: {
      write: false,
      minify: true,
      target: 'es2022',
      lib: { entry: 'packages/player/src/index.ts', formats: ['es'] },
    },
  })
).at(0);
const code = output[0].code;
const size = gzipSync(code, { level: 9 }).length;
const kb = (bytes) => `${(bytes / 1024).toFixed(1)} kB`;
console.log(`player: ${kb(code.length)} minified, ${kb(size)} gzip, budget ${kb(BUDGET_BYTES)}`);
if (size > BUDGET_BYTES) process.exit(1);
if (existsSync(WHATIF)) {
  const whatif = gzipSync(readFileSync(WHATIF), { level: 9 }).length;
  console.log(`what-if: ${kb(whatif)} gzip, on demand, budget ${kb(WHATIF_BYTES)}`);
  if (whatif > WHATIF_BYTES) process.exit(1);
}
