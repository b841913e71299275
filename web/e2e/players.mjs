// Plays our HLS playlists and MPDs with hls.js, Shaka and dash.js in a real browser, changing the
// quality at every segment, and listens: no click, no gap, no segment fetched twice. Then with our
// decisions inside, over a network that changes: each follows them, and the decisions replay.
//
//   node web/e2e/players.mjs --quicksync BIN --relay BIN [--only WORDS]

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { overridePressure } from './playback/listener.mjs';
import { run } from './playback/processes.mjs';
import { judgeAdvised, LASTING_S, PLAN } from './players/advised.mjs';
import { stand } from './players/stand.mjs';

const TITLE = 'First half';
const LONG = 'Long';
const RUNS = [
  ['hls.js', 'hls_url'],
  ['shaka', 'hls_url'],
  ['shaka', 'dash_url'],
  ['dash.js', 'dash_url'],
];
const SEGMENT = /\/segments\/[^/]+\/(\w+)\/(\d+)\.m4s/;
const DEADLINE_MS = 60_000 + LASTING_S * 1e3;

/** A page with one player; `use` has it play, `loads` is what it fetches. */
async function withPage(browser, origin, use) {
  const page = await (await browser.newContext()).newPage();
  const [loads, said] = [[], []];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(String(error)));
  page.on('request', (request) => {
    const [, quality, index] = SEGMENT.exec(request.url()) ?? [];
    if (quality) loads.push({ quality, index: Number(index) });
  });
  await overridePressure(page.context(), page);
  try {
    await page.goto(`${origin}/`);
    await page.waitForFunction(() => 'play' in globalThis);
    return await use(page, loads);
  } catch (error) {
    const where = await page.evaluate(() => globalThis.where?.()).catch(() => null);
    return { ok: false, figures: { error: String(error), where, loads, said: said.slice(-20) } };
  } finally {
    await page.close();
  }
}

const playOnce = (browser, origin, [engine, kind], manifest) =>
  withPage(browser, origin, async (page, loads) => {
    const play = ([name, url]) => globalThis.play(name, url);
    const playing = page.evaluate(play, [engine, manifest[kind]]);
    return judge(await Promise.race([playing, deadline()]), loads, manifest);
  });

/** With our decisions inside, in a world of its own: the network changes as it plays. */
async function playAdvised(stage, [engine, kind]) {
  const { browser, programs, place, pageOrigin, open } = stage;
  const name = `advised-${engine}-${kind}`;
  const world = await open(name, PLAN);
  try {
    const { id } = world.tracks[LONG];
    const manifest = await (await world.ask(`/api/tracks/${id}/manifest/`)).json();
    return await withPage(browser, pageOrigin, async (page, loads) => {
      const play = (given) => globalThis.playAdvised(...given);
      const playing = page.evaluate(play, [engine, manifest[kind], LASTING_S]);
      const report = await Promise.race([playing, deadline()]);
      const { ok, figures } = judgeAdvised(report, loads);
      const log = join(place, `${name}.log`);
      writeFileSync(log, report.log);
      const replayed = (await run(programs.quicksync, ['replay', log])).trim();
      return { ok, figures: { ...figures, replayed } };
    });
  } finally {
    await world.close();
  }
}

const deadline = () =>
  new Promise((_, reject) => {
    setTimeout(() => reject(new Error('it never ended')), DEADLINE_MS).unref();
  });

function judge({ capture, errors, waiting, duration }, loads, { samples, segments }) {
  const { first, last } = capture.heard;
  const flaws = capture.flaws.filter(({ frame }) => frame < last - capture.sampleRate / 100);
  const switches = loads.filter(({ quality }, n) => n > 0 && quality !== loads[n - 1].quality);
  const distinct = new Set(loads.map(({ index }) => index)).size;
  const figures = {
    switches: `${switches.length} of ${segments - 1}`,
    clicks: flaws.filter(({ kind }) => kind === 'click').length,
    gaps: flaws.filter(({ kind }) => kind === 'gap').length,
    loads: `${loads.length} for ${distinct} segments`,
    order: loads.map(({ quality, index }) => `${index} ${quality}`).join(', '),
    waiting,
    errors,
    sounded_s: ((last - first) / capture.sampleRate).toFixed(3),
    late_s: (duration - samples / 48_000).toFixed(4),
  };
  const ok =
    flaws.length === 0 &&
    errors.length === 0 &&
    loads.length === segments &&
    distinct === segments &&
    switches.length === segments - 1 &&
    Math.abs((last - first) / capture.sampleRate - samples / 48_000) < 0.05;
  return { ok, figures };
}

await stand('players', async ({ browser, programs, place, pageOrigin, open, each }) => {
  const world = await open('players', '3600:20000');
  const { id } = world.tracks[TITLE];
  const manifest = await (await world.ask(`/api/tracks/${id}/manifest/`)).json();
  const switched = (names) => playOnce(browser, pageOrigin, names, manifest);
  await each(RUNS, (names) => `switched ${names.join(' ')}`, switched);
  const stage = { browser, programs, place, pageOrigin, open };
  await each(
    RUNS,
    (names) => `advised ${names.join(' ')}`,
    (names) => playAdvised(stage, names),
  );
});
