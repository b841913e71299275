// Plays our HLS playlists and MPDs with hls.js, Shaka and dash.js speaking CMCD, and asks the server
// what it makes of it: what each player says of its throughput, buffer, rate, stalls and session
// is what the status of its device shows.
//
//   node web/e2e/cmcd.mjs --quicksync BIN --relay BIN [--only WORDS]

import { randomUUID } from 'node:crypto';
import { Ear } from './players/ear.mjs';
import { judge } from './players/judge.mjs';
import { stand } from './players/stand.mjs';

const TITLE = 'Long';
/** Player, manifest, version of CMCD, how it is sent; and which of the keys not all say it says (`?`: at times). */
const RUNS = [
  [
    ['hls.js', 'hls_url', 1, 'query'],
    ['mtp', 'bs?'],
  ],
  [
    ['hls.js', 'hls_url', 1, 'headers'],
    ['mtp', 'bs?'],
  ],
  [
    ['hls.js', 'hls_url', 2, 'query'],
    ['mtp', 'sta', 'bs?'],
  ],
  [
    ['hls.js', 'hls_url', 2, 'events'],
    ['mtp', 'sta', 'bs?'],
  ],
  [['shaka', 'dash_url', 1, 'query'], []],
  [['shaka', 'hls_url', 1, 'headers'], []],
  [['shaka', 'dash_url', 2, 'query'], []],
  [['shaka', 'dash_url', 2, 'events'], []],
  [
    ['dash.js', 'dash_url', 1, 'query'],
    ['mtp', 'bs'],
  ],
  [
    ['dash.js', 'dash_url', 1, 'headers'],
    ['mtp', 'bs'],
  ],
  [
    ['dash.js', 'dash_url', 2, 'query'],
    ['mtp', 'bs', 'sta'],
  ],
  [
    ['dash.js', 'dash_url', 2, 'events'],
    ['mtp', 'bs', 'sta'],
  ],
];
/** kbps and seconds: quick, then nothing until every buffer is empty, then quick again. */
const PLAN = '1500:6,0:16,1500:3600';
const PLAYED_S = 34;
const DEVICE = 'X-Quick-Sync-Device';

async function playOnce(browser, world, pageOrigin, [[engine, kind, version, mode], tells]) {
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
    await page.goto(`${pageOrigin}/`);
    await page.waitForFunction(() => 'speak' in globalThis);
    await world.network.stop();
    await world.network.start(PLAN);
    const cmcd = { version, mode, reports, session: randomUUID() };
    const speak = ([name, url, how, seconds]) => globalThis.speak(name, url, how, seconds);
    const errors = await page.evaluate(speak, [engine, manifest[kind], cmcd, PLAYED_S]);
    const { status } = await ask('/api/audio/quick-sync/status/');
    return judge(ear, status, { ...cmcd, tells }, errors);
  } catch (error) {
    return { ok: false, figures: { error: String(error), heard: ear.records.slice(-5) } };
  } finally {
    await page.close();
  }
}

await stand('cmcd', async ({ browser, pageOrigin, open, each }) => {
  const world = await open('cmcd', PLAN);
  const words = ([run]) => run.join(' ');
  await each(RUNS, words, (run) => playOnce(browser, world, pageOrigin, run));
});
