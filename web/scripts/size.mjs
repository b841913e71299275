// Fails when something has grown: what a listener's phone loads before the first paint and before the
// first sound counts, and what an adopter adds to a page. Minified and gzip, in units of 1024 bytes.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const CORE = 'packages/player/src/wasm/quicksync_wasm.wasm';
const WHATIF = 'packages/player/src/wasm/quicksync_whatif.wasm';
const ABR = '../crates/quicksync-abr/src';
const APP = 'app/dist';
/** Fonts with one of these are painted without until they are there. */
const LATER = /font-display:\s*(swap|fallback|optional)/;

const gzip = (bytes) => gzipSync(bytes, { level: 9 }).length;
const kb = (bytes) => `${(bytes / 1024).toFixed(1)} kB`;
let failed = false;

function show(name, bytes, budget_kb, note = '') {
  const over = bytes > budget_kb * 1024;
  failed ||= over;
  const verdict = over ? 'OVER' : 'ok';
  console.log(`${verdict.padEnd(4)} ${name}: ${kb(bytes)} gzip, budget ${budget_kb} kB${note}`);
}

/** What a bundler makes of one entry, without what is loaded on demand. */
async function bundle(entry, external = []) {
  const { output } = (
    await build({
      configFile: false,
      logLevel: 'error',
      resolve: { conditions: ['quicksync-source'] },
      build: {
        write: false,
        minify: true,
        target: 'es2022',
        lib: { entry, formats: ['es'] },
        rollupOptions: { external },
      },
    })
  ).at(0);
  return gzip(output.find(({ isEntry }) => isEntry).code);
}

/** The module, and what in it is a table and no code: whatever is no source beside the sources. */
function core() {
  const module = gzip(readFileSync(CORE));
  const files = readdirSync(ABR, { recursive: true, withFileTypes: true });
  const tables = files.filter((file) => file.isFile() && !file.name.endsWith('.rs'));
  const sizes = tables.map((file) => gzip(readFileSync(join(file.parentPath, file.name))));
  return { module, table: sizes.reduce((sum, size) => sum + size, 0) };
}

/** What the app's page names itself: its scripts, preloads and sheets, and fonts that hold it up. */
function firstPaint() {
  const page = readFileSync(join(APP, 'index.html'));
  const named = [...String(page).matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)];
  const files = named.map(([, name]) => [name, readFileSync(join(APP, name))]);
  const sheets = files.filter(([name]) => name.endsWith('.css'));
  const faces = sheets.flatMap(([, css]) => String(css).match(/@font-face\s*\{[^}]*\}/g) ?? []);
  const holding = faces.filter((face) => !LATER.test(face));
  const fonts = holding.flatMap((face) => [...face.matchAll(/url\(\.?\/?([^)"]+\.woff2)\)/g)]);
  const font = ([, name]) => readFileSync(join(APP, 'assets', name.split('/').at(-1))).length;
  const sum = (sizes) => sizes.reduce((total, size) => total + size, 0);
  return gzip(page) + sum(files.map(([, bytes]) => gzip(bytes))) + sum(fonts.map(font));
}

const REACT = ['react', 'react-dom', /^react\//];
const OURS = [/^@quicksync\//];
show('@quicksync/player', await bundle('packages/player/src/index.ts'), 20, ', without the core');
show('@quicksync/react', await bundle('packages/react/src/index.ts', [...REACT, ...OURS]), 20);
for (const name of ['hls', 'shaka', 'dash']) {
  const size = await bundle(`packages/plugins/src/${name}.ts`);
  show(`@quicksync/plugins/${name}`, size, 8, ', with what it needs of the player');
}
if (existsSync(CORE)) {
  const { module, table } = core();
  show('decision core', module - table, 40, `; and a table of ${kb(table)}`);
}
if (existsSync(WHATIF)) show('what-if', gzip(readFileSync(WHATIF)), 192, ', on demand');
if (existsSync(APP)) show('app before first paint', firstPaint(), 230);
if (failed) process.exit(1);
