// Browsers in which our engine cannot play: another takes its place, and is heard.

import { figures } from '../figures.mjs';
import { pause } from '../processes.mjs';
import { TRACKS } from '../tones.mjs';

const QUEUE = ['First half', 'Second half'];
const RATE = 48_000;
const LENGTH_S = TRACKS.filter(({ title }) => QUEUE.includes(title)).reduce(
  (sum, { samples }) => sum + samples / RATE,
  0,
);
const FROM_S = 9;
/** Sound is measured by the tenth of a second, and MP3 adds a little at either end of a track. */
const TOLERANCE_S = 1.5;
const SOUNDS = 1e-4;

/** Runs in the page: no Opus in pieces. */
function withoutOpus() {
  for (const Source of [globalThis.MediaSource, globalThis.ManagedMediaSource]) {
    if (!Source) continue;
    const known = Source.isTypeSupported.bind(Source);
    Source.isTypeSupported = (type) => !/opus/i.test(type) && known(type);
  }
}

/** Runs in the page: no media source of any kind. */
function withoutMediaSource() {
  for (const name of ['MediaSource', 'ManagedMediaSource', 'WebKitMediaSource']) {
    Object.defineProperty(globalThis, name, { value: undefined });
  }
}

const heardToItsEnd = (name, before) => ({
  name,
  plan: '8000:600',
  before,
  decides: false,
  async play({ world, listener, checks }) {
    await listener.start(world, QUEUE, { standIn: true });
    const playing = await listener.reaches('it plays', ({ position }) => position > 3, 60_000);
    checks.check('no error is shown', playing.error === null, playing.error);
    await listener.call('seek', FROM_S);
    await listener.reaches('it plays from there', ({ position }) => position > FROM_S + 2, 60_000);
    await listener.call('pause');
    await pause(500);
    const { position } = await listener.state();
    await pause(1_000);
    const still = await listener.state();
    checks.check('a pause is one', still.position === position && still.status === 'paused', still);
    await listener.call('play');
    const end = await listener.reaches(
      'the queue ends',
      ({ status }) => status === 'ended',
      90_000,
    );
    checks.check('at its last track', end.index === QUEUE.length - 1, end.index);
    await pause(500);
    const report = await listener.report();
    const heard = report.capture.levels.filter((power) => power > SOUNDS).length / 10;
    const length = LENGTH_S - FROM_S + playing.position;
    checks.figure('heard, and to be heard', `${heard.toFixed(1)} of ${length.toFixed(1)} s`);
    checks.check('all of it sounds', Math.abs(heard - length) < TOLERANCE_S, { heard, length });
    checks.figure('stalls', figures(report).stalls);
    return report;
  },
});

export const standIn = [
  heardToItsEnd('a browser without Opus in pieces', withoutOpus),
  heardToItsEnd('a browser without a media source', withoutMediaSource),
];
