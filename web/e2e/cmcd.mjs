// Plays our HLS playlists and MPDs with hls.js, Shaka and dash.js speaking CMCD, and asks the server
// what it makes of it: what each player says of its throughput, buffer, rate, stalls and session
// is what the status of its device shows.
//
//   node web/e2e/cmcd.mjs --quicksync BIN --relay BIN

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { Ear } from './players/ear.mjs';
import { judge } from './players/judge.mjs';
import { servePlayers } from './players/page.mjs';
import { stopAll } from './playback/processes.mjs';
import { openWorld, prepareLibrary } from './playback/world.mjs';

const TITLE = 'Long';
/** Player, manifest, version of CMCD, how it is sent. Shaka 5.2 tells no throughput with requests. */
const RUNS = [
  ['hls.js', 'hls_url', 1, 'query'],
  ['hls.js', 'hls_url', 2, 'query'],
  ['hls.js', 'hls_url', 1, 'headers'],
  ['hls.js', 'hls_url', 2, 'events'],
  ['shaka', 'dash_url', 1, 'query'],
  ['shaka', 'dash_url', 2, 'query'],
  ['shaka', 'hls_url', 1, 'headers'],
  ['dash.js', 'dash_url', 1, 'query'],
  ['dash.js', 'dash_url', 2, 'query'],
  ['dash.js', 'dash_url', 1, 'headers'],
];
/** kbps and seconds: quick, then nothing until every buffer is empty, then quick again. */
const PLAN = '1500:6,0:16,1500:3600';
const PLAYED_S = 34;
const DEVICE = 'X-Quick-Sync-Device';

async function playOnce(browser, world, pageOrigin, [engine, kind, version, mode]) {
  const device = randomUUID();
  const ask = async (path) => (await world.ask(path, { headers: { [DEVICE]: device } })).json();
  const { id } = world.tracks[TITLE];
  const manifest = await ask(`/api/tracks/${id}/manifest/?ladder=all`);
  const page = await browser.newPage();
  const ear = new Ear(page);
  try {
    const reports = `${world.base}/api/audio/quick-sync/cmcd/`;
    await page.route(reports, (route) => {
      // Whoever embeds a player gives its reports what lets them in.
      const own = { Authorization: `Bearer ${world.token}`, [DEVICE]: device };
      return route.continue({ headers: { ...route.request().headers(), ...own } });
    });
    // A busy machine would take qualities from the playlists.
    await world.ask('/api/audio/quick-sync/preferences/', {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ adapt_to_system: false }),
    });
    await page.goto(`${pageOrigin}/`);
    await page.waitForFunction(() => 'speak' in globalThis);
    await world.network.stop();
    await world.network.start(PLAN);
    const cmcd = { version, mode, reports, session: randomUUID() };
    const speak = ([name, url, how, seconds]) => globalThis.speak(name, url, how, seconds);
    const errors = await page.evaluate(speak, [engine, manifest[kind], cmcd, PLAYED_S]);
    const { status } = await ask('/api/audio/quick-sync/status/');
    return judge(ear, status, { ...cmcd, tellsThroughput: engine !== 'shaka' }, errors);
  } catch (error) {
    return { ok: false, figures: { error: String(error), heard: ear.records.slice(-5) } };
  } finally {
    await page.close();
  }
}

const { values } = parseArgs({
  options: {
    quicksync: { type: 'string' },
    relay: { type: 'string' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    only: { type: 'string', default: '' },
  },
});
if (!values.quicksync || !values.relay) {
  console.error('usage: cmcd.mjs --quicksync BIN --relay BIN');
  process.exit(2);
}
const programs = { quicksync: resolve(values.quicksync), relay: resolve(values.relay) };
const place = mkdtempSync(join(tmpdir(), 'quicksync-cmcd-'));
const [page, library] = await Promise.all([
  servePlayers(join(place, 'page')),
  prepareLibrary(place, programs),
]);
let [failed, browser, world] = [0, null, null];
try {
  const opened = { programs, library, place, name: 'cmcd', plan: PLAN, pageOrigin: page.origin };
  world = await openWorld(opened);
  const args = ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'];
  browser = await chromium.launch({ executablePath: values.chromium, headless: true, args });
  for (const run of RUNS.filter((names) => names.join(' ').includes(values.only))) {
    const { ok, figures } = await playOnce(browser, world, page.origin, run);
    if (!ok) failed += 1;
    console.log(`${ok ? 'ok  ' : 'FAIL'} ${run.join(' ')} ${JSON.stringify(figures)}`);
  }
} catch (error) {
  failed += 1;
  console.error(error);
} finally {
  await browser?.close();
  await world?.close();
  page.close();
  await stopAll();
  rmSync(place, { recursive: true, force: true });
}
process.exit(failed === 0 ? 0 : 1);
