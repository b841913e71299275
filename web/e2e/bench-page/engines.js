// Four players as they ship: each decides for itself, with its own defaults.

import { createPlayer } from '@quicksync/player';
import { createWasmCore } from '@quicksync/player/wasm';
import * as dashjs from 'dashjs';
import Hls from 'hls.js';
import shaka from 'shaka-player';

/** Ours; `press` is what a listener does last. */
async function ours(element, { baseUrl, token, track, preferences }) {
  const core = await createWasmCore();
  const getToken = () => token;
  const player = createPlayer({ baseUrl, getToken, core, element, preferences });
  return {
    press: () => player.load([track], 0, { play: true }),
    log: () => player.decisionLog(),
  };
}

async function hlsJs(element, { manifest }, fail) {
  const hls = new Hls({ enableWorker: false });
  hls.on(Hls.Events.ERROR, (_, { details, fatal }) => {
    if (fatal) fail(`hls.js ${details}`);
  });
  hls.attachMedia(element);
  return {
    press: () => {
      hls.loadSource(manifest.hls_url);
      void element.play();
    },
  };
}

async function shakaPlayer(element, { manifest }, fail) {
  const player = new shaka.Player();
  await player.attach(element);
  player.addEventListener('error', ({ detail }) =>
    fail(`shaka ${detail.code} ${JSON.stringify(detail.data ?? detail.message)}`),
  );
  return {
    press: () => {
      void player.load(manifest.hls_url);
      void element.play();
    },
  };
}

async function dashJs(element, { manifest }, fail) {
  const player = dashjs.MediaPlayer().create();
  player.updateSettings({ debug: { logLevel: dashjs.Debug.LOG_LEVEL_NONE } });
  player.on(dashjs.MediaPlayer.events.ERROR, ({ error }) => fail(`dash.js ${error?.code}`));
  return { press: () => player.initialize(element, manifest.dash_url, true) };
}

export const ENGINES = {
  quicksync: ours,
  'hls.js': hlsJs,
  shaka: shakaPlayer,
  'dash.js': dashJs,
};
