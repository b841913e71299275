// Plays what we serve with ffmpeg, mpv, VLC and GStreamer, as HLS, DASH, progressive streams and
// downloads, and looks at what they played: every sample of the track, no more, and no warning.
// Players that are not installed are named and left out.
//
//   node web/e2e/native.mjs --quicksync BIN --relay BIN [--only WORDS]

import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { stopAll } from './playback/processes.mjs';
import { TRACKS } from './playback/tones.mjs';
import { ignoreLoad, openWorld, prepareLibrary } from './playback/world.mjs';
import { judge } from './native/judge.mjs';
import { PLAYERS, startOf } from './native/programs.mjs';

const TITLE = 'First half';
/** Far above the length of the track, which players of HLS and DASH may play in real time. */
const DEADLINE_MS = 120_000;

/** Everything that a player can be given, by its name in the table. */
const urlsOf = (manifest) => ({
  'HLS Opus': manifest.hls_url,
  'HLS MP3': manifest.hls_mp3_url,
  'HLS FLAC': manifest.lossless?.hls_url,
  DASH: manifest.dash_url,
  'DASH FLAC': manifest.lossless?.dash_url,
  'Ogg Opus': manifest.stream_urls.opus,
  MP3: manifest.stream_urls.mp3,
  'download Opus': `${manifest.download_url}&quality=medium`,
  'download original': `${manifest.download_url}&quality=original`,
});

/** Runs a player to its end; what it wrote and what it said. */
async function play(player, url, place) {
  const file = join(place, 'played.raw');
  rmSync(file, { force: true });
  const { command, args, options } = startOf(player, url, file, place);
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (said += text));
  }
  const late = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
  const [code, signal] = await once(child, 'close');
  clearTimeout(late);
  const lines = said
    .split('\n')
    .filter((line) => player.complains.test(line) && !player.harmless?.test(line));
  if (code !== 0) lines.push(`it ended with ${signal ?? code}`);
  return { pcm: existsSync(file) ? readFileSync(file) : Buffer.alloc(0), warnings: lines };
}

const { values } = parseArgs({
  options: {
    quicksync: { type: 'string' },
    relay: { type: 'string' },
    only: { type: 'string', default: '' },
  },
});
if (!values.quicksync || !values.relay) {
  console.error('usage: native.mjs --quicksync BIN --relay BIN');
  process.exit(2);
}
const programs = { quicksync: resolve(values.quicksync), relay: resolve(values.relay) };
const place = mkdtempSync(join(tmpdir(), 'quicksync-native-'));
const played = join(place, 'played');
let [failed, world] = [0, null];
try {
  mkdirSync(played);
  for (const folder of [place, played]) chmodSync(folder, 0o777);
  const library = await prepareLibrary(
    place,
    programs,
    TRACKS.filter(({ title }) => title === TITLE),
  );
  const [plan, pageOrigin] = ['3600:20000', 'http://127.0.0.1:1'];
  world = await openWorld({ programs, library, place, name: 'native', plan, pageOrigin });
  await ignoreLoad(world);
  const { id } = world.tracks[TITLE];
  const manifest = await (await world.ask(`/api/tracks/${id}/manifest/`)).json();
  for (const player of PLAYERS) {
    const version = spawnSync(
      player.program,
      player.version,
      startOf(player, '', '', place).options,
    );
    if (version.error) {
      console.log(`NOT RUN ${player.name}: ${player.program} is not installed`);
      continue;
    }
    console.log(String(version.stdout).split('\n')[0]);
    for (const [way, url] of Object.entries(urlsOf(manifest))) {
      if (!url || !`${player.name} ${way}`.includes(values.only)) continue;
      const { ok, figures } = judge(await play(player, url, played), way, player, manifest);
      if (!ok) failed += 1;
      console.log(`${ok ? 'ok  ' : 'FAIL'} ${player.name} ${way} ${JSON.stringify(figures)}`);
    }
  }
} catch (error) {
  failed += 1;
  console.error(error);
} finally {
  await world?.close();
  await stopAll();
  rmSync(place, { recursive: true, force: true });
}
process.exit(failed === 0 ? 0 : 1);
