// Times decisions of the core in WebAssembly under Node: told the inputs of logged sessions, as the
// player tells them. Argument: the folder of logs. Prints one JSON object. An input is timed with
// the outputs until the session is at rest; it was a decision if one of them is something to do.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const LASTING_MS = 2_000;
const IDLE = 5;
const player = new URL('../packages/player/src/', import.meta.url);

/** The player's own adapter, bundled. */
async function load() {
  const entry = new URL('testing/bench.ts', player).pathname;
  const { output } = (
    await build({
      configFile: false,
      logLevel: 'error',
      build: { write: false, minify: false, target: 'es2022', lib: { entry, formats: ['es'] } },
    })
  ).at(0);
  return import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);
}

function figures(times) {
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.floor(((times.length - 1) * share) / 100)] * 1e3;
  const mean = (times.reduce((sum, time) => sum + time, 0) / times.length) * 1e3;
  return { count: times.length, mean_us: mean, median_us: at(50), p99_us: at(99) };
}

/** Decides for a while, after a tenth of it to warm up; how long each input took. */
function measure(round) {
  for (const lasting of [LASTING_MS / 10, LASTING_MS]) {
    const times = { input: [], decision: [] };
    for (const begun = performance.now(); performance.now() - begun < lasting;) round(times);
    if (lasting === LASTING_MS) {
      return { input: figures(times.input), decision: figures(times.decision) };
    }
  }
}

const { Frames, readLog, readWords, wasmCore } = await load();
const folder = process.argv[2];
const names = readdirSync(folder).filter((name) => name.endsWith('.log'));
const logs = names.map((name) => readLog(readFileSync(join(folder, name), 'utf8')));
const binary = readFileSync(new URL('wasm/quicksync_wasm.wasm', player));
const { exports } = (await WebAssembly.instantiate(binary)).instance;
const core = wasmCore(exports);

/** The functions of the module alone, with rows of numbers made beforehand. */
function bare() {
  const decoder = new TextDecoder();
  const length = exports.words_text();
  const text = new Uint8Array(exports.memory.buffer, exports.text(), length);
  const frames = new Frames(readWords(decoder.decode(text)));
  const rows = logs.map(({ config, track, ladder, begun, inputs }) => ({
    begin: frames.beginning(config, track, ladder, begun),
    inputs: inputs.map(({ at, input }) => [at, frames.input(input)]),
  }));
  return (times) => {
    for (const { begin, inputs } of rows) {
      let tray = new Float64Array(exports.memory.buffer, exports.tray());
      tray.set(begin);
      const session = exports.begin(begin.length);
      tray = new Float64Array(exports.memory.buffer, exports.tray());
      for (const [at, row] of inputs) {
        const asked = performance.now();
        tray.set(row);
        exports.handle(session, at, row.length);
        let decided = false;
        for (exports.poll(session); tray[0] !== IDLE; exports.poll(session)) decided = true;
        times[decided ? 'decision' : 'input'].push(performance.now() - asked);
        if (tray.length === 0) tray = new Float64Array(exports.memory.buffer, exports.tray());
      }
      exports.end(session);
    }
  };
}

/** Through the player's adapter: with sentences and the log. */
function adapted(times) {
  for (const { config, track, ladder, begun, inputs } of logs) {
    const session = core.begin(config, track, ladder, begun);
    for (const { at, input } of inputs) {
      const asked = performance.now();
      session.handle(at, input);
      let decided = false;
      while (session.poll().type !== 'idle') decided = true;
      times[decided ? 'decision' : 'input'].push(performance.now() - asked);
    }
    session.free();
  }
}

/** Bytes of the module, and of what in it is a table and no code: whatever is no source there. */
function sizes() {
  const source = new URL('../../crates/quicksync-abr/src/', import.meta.url);
  const files = readdirSync(source, { recursive: true, withFileTypes: true });
  const tables = files.filter((file) => file.isFile() && !file.name.endsWith('.rs'));
  const table = tables.map((file) => readFileSync(join(file.parentPath, file.name)));
  const gzip = (bytes) => gzipSync(bytes, { level: 9 }).length;
  const sum = (of) => table.reduce((total, bytes) => total + of(bytes), 0);
  const code_gzip = gzip(binary) - sum(gzip);
  return { bytes: binary.length, gzip: gzip(binary), code_gzip, table: sum((t) => t.length) };
}

console.log(JSON.stringify({ module: measure(bare()), player: measure(adapted), size: sizes() }));
