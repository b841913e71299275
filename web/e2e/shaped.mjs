// Links that tc shapes in network namespaces, and what the server believes of them while mpv and our
// own player play over them: no test traffic, and within a tenth of the truth.
//
//   node web/e2e/shaped.mjs --quicksync BIN [--only WORDS]
//
// Runs itself again in a namespace of its own. Says NOT RUN where that is not allowed, or where ip,
// tc, nsenter or mpv is missing.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { servePage } from './playback/page.mjs';
import { pause, run, start, stopAll, until } from './playback/processes.mjs';
import { prepareLibrary } from './playback/world.mjs';
import { judgeSteady, judgeTrace } from './shaped/judge.mjs';
import { shapedListener } from './shaped/listener.mjs';
import { playMpv, playOurs } from './shaped/players.mjs';

const TITLE = 'Long';
const RATES = [200, 500, 1000, 3000];
/** What a median is taken over; of each rate of the trace, enough to have some of it alone. */
const SAMPLES = 5;
const SAMPLES_OF_STEP = 4;
/** A trace to follow: milliseconds and kbps. */
const TRACE = fileURLToPath(new URL('./shaped/trace.csv', import.meta.url));
const PAGE_PORT = 4043;
const PASSWORD = 'a long enough password';
const PLAYERS = { mpv: playMpv, ours: playOurs };
const INSIDE = 'QUICKSYNC_TEST_INSIDE_NAMESPACE';
const NAMESPACE = ['--user', '--map-root-user', '--net'];

const { values } = parseArgs({
  options: {
    quicksync: { type: 'string' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    only: { type: 'string', default: '' },
  },
});
if (!values.quicksync) {
  console.error('usage: shaped.mjs --quicksync BIN [--only WORDS]');
  process.exit(2);
}
if (!process.env[INSIDE]) {
  const needs = ['ip -V', 'tc -V', 'nsenter --version', 'mpv --version', 'ip link set lo up'];
  const tried = spawnSync('unshare', [...NAMESPACE, 'sh', '-ec', needs.join('\n')]);
  if (tried.status !== 0) {
    console.log(`NOT RUN: ${String(tried.stderr ?? tried.error).trim()}`);
    process.exit(0);
  }
  const self = [process.execPath, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const env = { ...process.env, [INSIDE]: '1' };
  const inside = spawnSync('unshare', [...NAMESPACE, ...self], { env, stdio: 'inherit' });
  process.exit(inside.status ?? 1);
}

const steps = readFileSync(TRACE, 'utf8').trim().split('\n').slice(1);
const trace = steps.map((line) => line.split(',').map(Number));

/** A server that every listener reaches at their own address. */
async function serve(program, library, pages) {
  const ready = join(library.data, 'ready');
  start(program, [
    ...['serve', '--music', library.music, '--data', library.data, '--listen', '0.0.0.0:0'],
    ...['--allowed-origins', pages.join(','), '--probe-enabled', 'false', '--ready-file', ready],
  ]);
  const read = () => {
    try {
      return /:(\d+)\s*$/.exec(readFileSync(ready, 'utf8'))?.[1];
    } catch {
      return null;
    }
  };
  return until('the server answers', read);
}

/** Lets the link follow the trace, each rate for as long as it says and until it shows. */
async function follow(link, samples) {
  const began = [];
  for (const [ms, kbps] of trace) {
    const before = (await samples()).length;
    await link.change(kbps);
    began.push({ from: Date.now() / 1e3, kbps });
    await pause(ms);
    const shows = async () => (await samples()).length >= before + SAMPLES_OF_STEP;
    await until(`${kbps} kbps shows`, shows);
  }
  return began;
}

/** One player over one link, of a user of its own. */
async function playOver({ name, player, kbps, link }, { place, library, port }) {
  const base = `http://${link.address}:${port}`;
  const quicksync = resolve(values.quicksync);
  const [user, data] = [name.replace(' ', '-'), ['--data', library.data]];
  await run(quicksync, ['user', 'add', user, '--password-stdin', ...data], `${PASSWORD}\n`);
  const made = await run(quicksync, ['token', 'create', user, ...data]);
  const token = made.trim().split('\n').at(-1);
  // Without a device's name a token is one.
  const headers = { Authorization: `Bearer ${token}` };
  const ask = async (path) => (await fetch(`${base}${path}`, { headers })).json();
  const find = async () => (await ask('/api/tracks/')).results.find(({ title }) => title === TITLE);
  const { id } = await until('the track is there', find);
  const track = { id, title: TITLE };
  const pageOrigin = `http://${link.address}:${PAGE_PORT}`;
  let began = [];
  const samples = async () => {
    const { results } = await ask('/api/audio/quick-sync/history/?limit=500');
    return results.filter(({ source }) => source === 'connection');
  };
  const lasting = async () => {
    if (kbps === null) began = await follow(link, samples);
    else await until('the link shows', async () => (await samples()).length >= SAMPLES);
  };
  const program = values.chromium;
  const how = { link, base, token, track, ask, pageOrigin, place, program, lasting };
  const met = await PLAYERS[player](how);
  if (met.device) headers['X-Quick-Sync-Device'] = met.device;
  const { status } = await ask('/api/audio/quick-sync/status/');
  const judged = kbps === null ? judgeTrace(await samples(), began) : judgeSteady(status, kbps);
  const { ok, figures } = judged;
  return { ok, figures: ok ? figures : { ...figures, met } };
}

const place = mkdtempSync(join(tmpdir(), 'quicksync-shaped-'));
const all = Object.keys(PLAYERS).map((player) =>
  [...RATES, null].map((kbps) => ({ player, kbps, name: `${player} ${kbps ?? 'trace'}` })),
);
let failed = 0;
let page = null;
try {
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
  const [, first] = trace[0];
  const chosen = all.map((runs) => runs.filter(({ name }) => name.includes(values.only)));
  const links = chosen.flat().map(async (one, n) => {
    one.link = await shapedListener(n + 1, one.kbps ?? first);
  });
  await Promise.all(links);
  const library = await prepareLibrary(place, { quicksync: resolve(values.quicksync) });
  // Nothing is left to make while links are measured.
  const folders = ['--music', library.music, '--data', library.data];
  await run(resolve(values.quicksync), ['encode', ...folders]);
  page = await servePage(join(place, 'page'), { host: '0.0.0.0', port: PAGE_PORT });
  const pages = chosen.flat().map(({ link }) => `http://${link.address}:${PAGE_PORT}`);
  const port = await serve(resolve(values.quicksync), library, pages);
  // Side by side: each has a link of its own, and music is little work.
  for (const runs of chosen) {
    const shown = runs.map(async (one) => {
      const { ok, figures } = await playOver(one, { place, library, port });
      if (!ok) failed += 1;
      console.log(`${ok ? 'ok  ' : 'FAIL'} ${one.name} ${JSON.stringify(figures)}`);
    });
    await Promise.all(shown);
  }
} catch (error) {
  failed += 1;
  console.error(error);
} finally {
  page?.close();
  await stopAll();
  rmSync(place, { recursive: true, force: true });
}
console.log(failed === 0 ? 'shaped: all as it should be' : `shaped: ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
