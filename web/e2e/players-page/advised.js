// The same players, each with our decisions inside.

import { createWasmCore } from '@quicksync/player/wasm';
import { quickSyncDash } from '@quicksync/plugins/dash';
import { quickSyncHls } from '@quicksync/plugins/hls';
import { quickSyncShaka } from '@quicksync/plugins/shaka';
import * as dashjs from 'dashjs';
import Hls from 'hls.js';
import shaka from 'shaka-player';

/** Small, so that what the network does shows soon. */
const BUFFER = { buffer_size: 10, preload: 'auto', max_buffer_size: 16, rebuffer_threshold: 4 };

async function adviseHls(element, url, fail, options) {
  const { config, advisor } = quickSyncHls(options);
  const hls = new Hls({ ...config, enableWorker: false });
  hls.on(Hls.Events.ERROR, (_, { details, fatal }) => fail(`${details}${fatal ? ' (fatal)' : ''}`));
  hls.attachMedia(element);
  hls.loadSource(url);
  return advisor;
}

async function adviseShaka(element, url, fail, options) {
  const player = new shaka.Player();
  const advisor = quickSyncShaka(player, options);
  player.addEventListener('error', ({ detail }) => fail(`shaka ${detail.code}`));
  await player.attach(element);
  await player.load(url);
  return advisor;
}

async function adviseDash(element, url, fail, options) {
  const player = dashjs.MediaPlayer().create();
  const advisor = quickSyncDash(player, options);
  player.updateSettings({ debug: { logLevel: dashjs.Debug.LOG_LEVEL_NONE } });
  player.on(dashjs.MediaPlayer.events.ERROR, ({ error }) => fail(`dash.js ${error?.code}`));
  player.initialize(element, url, false);
  return advisor;
}

const ADVISED = { 'hls.js': adviseHls, shaka: adviseShaka, 'dash.js': adviseDash };

/** The advisor, and what it wished for and gave up so far. */
export async function advise(engine, element, url, fail) {
  const core = await createWasmCore();
  const wishes = [];
  // Nothing is decided before there is a playlist, and that takes a while.
  const advisor = await ADVISED[engine](element, url, fail, { core, buffer: BUFFER });
  advisor.watch(({ output }) => {
    if (output?.segment) wishes.push({ ...output, index: output.segment.index });
  });
  return { advisor, wishes };
}
