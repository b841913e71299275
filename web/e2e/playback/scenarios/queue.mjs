// The end of a track is the beginning of the next, to the sample; and a seek is where it says.

import { figures } from '../figures.mjs';
import { pause } from '../processes.mjs';
import { ALBUM, PAIR, SOFT, TRACKS } from '../tones.mjs';

const RATE = 48_000;
/** The capture counts whole samples that are not silent: a few at either end may be. */
const TOLERANCE_S = 0.005;

const join = {
  name: 'one track into the next',
  plan: '8000:600',
  async play({ world, listener, checks }) {
    const halves = TRACKS.filter(({ title }) => title.endsWith('half'));
    await listener.start(
      world,
      halves.map(({ title }) => title),
    );
    await listener.reaches('the queue ends', ({ status }) => status === 'ended', 90_000);
    // The last sound is reported a tenth of a second later.
    await pause(500);
    const report = await listener.report();
    const found = figures(report);
    const length = halves.reduce((sum, { samples }) => sum + samples, 0) / RATE;
    checks.check(
      'the second track was shown',
      report.moments.some(({ index }) => index === 1),
    );
    checks.check(
      'both tracks sound, and nothing between them',
      Math.abs(found.sounded - length) < TOLERANCE_S,
      { sounded: found.sounded, length },
    );
    checks.unbroken(found);
    return report;
  },
};

/** Each cut lies where the tone is large: encoded against silence it would be heard as a click. */
const album = {
  name: 'an album cut at odd samples',
  plan: '8000:600',
  async play({ world, listener, checks }) {
    await listener.start(
      world,
      ALBUM.map(({ title }) => title),
    );
    await listener.reaches('the queue ends', ({ status }) => status === 'ended', 90_000);
    await pause(500);
    const report = await listener.report();
    const found = figures(report);
    const length = ALBUM.reduce((sum, { samples }) => sum + samples, 0) / RATE;
    checks.check('all of it sounds', Math.abs(found.sounded - length) < TOLERANCE_S, {
      sounded: found.sounded,
      length,
    });
    checks.unbroken(found);
    return report;
  },
};

/** Tracks of no album in its order; `clean` judges the joins. */
const inAnotherOrder = (name, tracks, clean) => ({
  name,
  plan: '8000:600',
  async play({ world, listener, checks }) {
    await listener.start(
      world,
      tracks.map(({ title }) => title),
    );
    await listener.reaches('the queue ends', ({ status }) => status === 'ended', 90_000);
    await pause(500);
    const report = await listener.report();
    const found = figures(report);
    const length = tracks.reduce((sum, { samples }) => sum + samples / RATE, 0);
    clean(checks, found, report);
    checks.check('no gap', found.gaps.length === 0, found.gaps);
    checks.check('all of it sounds', Math.abs(found.sounded - length) < TOLERANCE_S, found.sounded);
    checks.check('no stall', found.stalls === 0, found.stalls);
    return report;
  },
});

const HARD = [ALBUM[2], ALBUM[0], ALBUM[4]];

/**
 * Where a tone is cut in full sound, the phase jumps to the next: that jump is in the music, and a
 * player that joins to the sample plays it. Nothing else may be heard.
 */
const cut = inAnotherOrder(
  'cut tracks in another order',
  HARD,
  (checks, { clicks }, { capture }) => {
    const [first, second] = HARD.map(({ samples }) => samples);
    const near = ({ frame }) =>
      [first, first + second].some((at) => Math.abs(frame - capture.heard.first - at) < RATE / 100);
    checks.check('nothing but the music jumps', clicks.every(near), clicks);
  },
);

const soft = inAnotherOrder(
  'whole tracks in another order',
  [SOFT[2], SOFT[0], SOFT[1]],
  (checks, { clicks }) => checks.check('no click', clicks.length === 0, clicks),
);

const FADE_S = 4;

const crossfade = {
  name: 'one track faded into the next',
  plan: '8000:600',
  async play({ world, listener, checks }) {
    const [low, high] = PAIR;
    await listener.start(world, [low.title, high.title], {
      mixOf: [low.hz, high.hz],
      crossfade: { seconds: FADE_S, albums: false },
    });
    await listener.reaches('the queue ends', ({ status }) => status === 'ended', 90_000);
    await pause(500);
    const report = await listener.report();
    const found = figures(report);
    const { levels } = report.capture;
    const sounding = levels.filter((power) => power > 1e-4);
    const inner = sounding.slice(5, -5).sort((a, b) => a - b);
    const spread = 10 * Math.log10(inner.at(-1) / inner[0]);
    const length = (low.samples + high.samples) / RATE - FADE_S;
    checks.figure('power, loudest over softest', `${spread.toFixed(2)} dB`);
    checks.check('it is as loud in the fade as elsewhere', spread < 0.5, { spread, inner });
    checks.check('both sound together', Math.abs(found.sounded - length) < 0.5, {
      sounded: found.sounded,
      length,
    });
    checks.check('no stall', found.stalls === 0, found.stalls);
    checks.clean(found);
    return report;
  },
};

export const queue = [join, album, cut, soft, crossfade];
