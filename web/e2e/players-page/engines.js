// Three players, each made to change the quality after every segment.

import * as dashjs from 'dashjs';
import Hls from 'hls.js';
import shaka from 'shaka-player';

/** From one end of the ladder to the other: the harshest switches there are. */
const STEPS = [0, 3, 1, 2];
const after = (level) => STEPS[(STEPS.indexOf(level) + 1) % STEPS.length];

async function playHls(element, url, fail) {
  const hls = new Hls({ enableWorker: false, startLevel: 0 });
  hls.on(Hls.Events.ERROR, (_, { details, fatal }) => fail(`${details}${fatal ? ' (fatal)' : ''}`));
  hls.on(Hls.Events.FRAG_LOADED, (_, { frag }) => {
    hls.nextLoadLevel = after(frag.level);
  });
  hls.attachMedia(element);
  hls.loadSource(url);
}

async function playShaka(element, url, fail) {
  const player = new shaka.Player();
  await player.attach(element);
  player.addEventListener('error', ({ detail }) => fail(`shaka ${detail.code}`));
  player.configure({ abr: { enabled: false } });
  // Once it is appended: a switch before that makes the player fetch it again.
  player.addEventListener('segmentappended', () => {
    const tracks = player.getVariantTracks().sort((a, b) => a.bandwidth - b.bandwidth);
    player.selectVariantTrack(tracks[after(tracks.findIndex(({ active }) => active))], false);
  });
  await player.load(url);
}

async function playDash(element, url, fail) {
  const player = dashjs.MediaPlayer().create();
  player.updateSettings({
    debug: { logLevel: dashjs.Debug.LOG_LEVEL_NONE },
    // By itself it fetches what it has buffered again when the quality rises.
    streaming: {
      abr: { autoSwitchBitrate: { audio: false } },
      buffer: { fastSwitchEnabled: false },
    },
  });
  player.on(dashjs.MediaPlayer.events.ERROR, ({ error }) => fail(`dash.js ${error?.code}`));
  let level = 0;
  player.on('bytesAppendedEndFragment', ({ segmentType }) => {
    if (segmentType !== 'MediaSegment') return;
    level = after(level);
    player.setRepresentationForTypeByIndex('audio', level);
  });
  player.initialize(element, url, false);
}

export const ENGINES = { 'hls.js': playHls, shaka: playShaka, 'dash.js': playDash };
