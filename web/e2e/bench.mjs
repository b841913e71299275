// Plays four minutes with our player, hls.js, Shaka and dash.js in a real browser: the same server,
// the same recorded network, the same music, each player as it ships. Listens, and prints who did how.
//
//   node web/e2e/bench.mjs --quicksync BIN --relay BIN --traces DIR [--runs 3] [--lanes 12] [--json FILE]

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { judge, median } from './bench/judge.mjs';
import { scaledTraces } from './bench/traces.mjs';
import { servePage } from './playback/page.mjs';
import { run, stopAll } from './playback/processes.mjs';
import { openWorld, prepareLibrary } from './playback/world.mjs';

/** What is compared is how players follow the network, not a machine that runs four of them. */
const PREFERENCES = {
  mode: 'auto',
  prefer_quality: true,
  adapt_to_system: false,
  auto_download_quality: false,
};
const TRACK = { title: 'Four minutes', samples: 240 * 48_000, from: 0 };
/** A player that needs longer than this has lost. */
const DEADLINE_S = 480;
const ROOT = fileURLToPath(new URL('./bench-page/', import.meta.url));
const MODULES = fileURLToPath(new URL('../tools/players/node_modules/', import.meta.url));
const alias = {
  dashjs: join(MODULES, 'dashjs/dist/modern/esm/dash.all.min.js'),
  'hls.js': join(MODULES, 'hls.js'),
  'shaka-player': join(MODULES, 'shaka-player'),
};

const { values } = parseArgs({
  options: {
    quicksync: { type: 'string' },
    relay: { type: 'string' },
    traces: { type: 'string' },
    runs: { type: 'string', default: '3' },
    engines: { type: 'string', default: 'quicksync,hls.js,shaka,dash.js' },
    // At once, each with a server and a network of its own: playing is cheap, but not free.
    lanes: { type: 'string', default: '12' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    json: { type: 'string' },
  },
});
if (!values.quicksync || !values.relay || !values.traces) {
  console.error('usage: bench.mjs --quicksync BIN --relay BIN --traces DIR');
  process.exit(2);
}

const ENGINES = values.engines.split(',');

async function playOnce({ browser, programs, library, place, origin }, { engine, trace, n }) {
  const name = `${engine} ${trace.name} ${n}`;
  const world = await openWorld({
    ...{ programs, library, place, name, pageOrigin: origin },
    trace: trace.path,
  });
  const context = await browser.newContext();
  try {
    const track = world.tracks[TRACK.title];
    await world.ask('/api/audio/quick-sync/preferences/', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(PREFERENCES),
    });
    const manifest = await (await world.ask(`/api/tracks/${track.id}/manifest/`)).json();
    const page = await context.newPage();
    await page.goto(`${origin}/`);
    await page.waitForFunction(() => 'play' in globalThis);
    const setup = {
      ...{ manifest, track, baseUrl: world.base, token: world.token },
      preferences: PREFERENCES,
      ...{ durationS: TRACK.samples / 48_000, deadlineS: DEADLINE_S },
    };
    const play = ([player, given]) => globalThis.play(player, given);
    const report = await page.evaluate(play, [engine, setup]);
    if (report.errors.length > 0) console.error(`${name}: ${report.errors.join(', ')}`);
    return judge(report, manifest.segments, world.network.carriedBytes());
  } finally {
    await context.close();
    await world.close();
  }
}

/** Every player's figures for every trace: the run in the middle. */
async function measure(stage, traces) {
  const runs = Array.from({ length: Number(values.runs) }, (_, n) => n);
  const waiting = traces.flatMap((trace) =>
    runs.flatMap((n) => ENGINES.map((engine) => ({ engine, trace, n }))),
  );
  const found = new Map();
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const figures = await playOnce(stage, next);
      const key = `${next.trace.name} ${next.engine}`;
      found.set(key, [...(found.get(key) ?? []), figures]);
      console.error(`${key}: ${figures.qoe.toFixed(4)}`);
    }
  };
  await Promise.all(Array.from({ length: Number(values.lanes) }, lane));
  return traces.map(({ name }) => ({
    trace: name,
    engines: ENGINES.map((engine) => ({ engine, ...median(found.get(`${name} ${engine}`)) })),
  }));
}

function show(results) {
  const columns = ['qoe', 'stalls', 'stalledS', 'startupS', 'meanKbps', 'switches', 'megabytes'];
  for (const { trace, engines } of results) {
    const rows = engines.map((one) => [
      one.engine,
      Object.fromEntries(
        [...columns, 'clicks', 'gaps'].map((key) => [key, Number(one[key].toFixed(3))]),
      ),
    ]);
    console.log(trace);
    console.table(Object.fromEntries(rows));
  }
}

const place = mkdtempSync(join(tmpdir(), 'quicksync-bench-'));
const programs = { quicksync: resolve(values.quicksync), relay: resolve(values.relay) };
let [page, browser, failed] = [null, null, false];
try {
  page = await servePage(join(place, 'page'), { root: ROOT, alias });
  const library = await prepareLibrary(place, programs, [TRACK]);
  // What is measured is the network and the players, not how soon this machine encodes.
  await run(programs.quicksync, ['encode', '--music', library.music, '--data', library.data]);
  const args = ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'];
  browser = await chromium.launch({ executablePath: values.chromium, headless: true, args });
  const stage = { browser, programs, library, place, origin: page.origin };
  const results = await measure(stage, scaledTraces(resolve(values.traces), place));
  show(results);
  if (values.json) writeFileSync(values.json, JSON.stringify(results, null, 2));
} catch (error) {
  failed = true;
  console.error(error);
} finally {
  await browser?.close();
  page?.close();
  await stopAll();
  rmSync(place, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
