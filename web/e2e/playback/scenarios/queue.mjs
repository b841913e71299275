// The end of a track is the beginning of the next, to the sample; and a seek is where it says.

import { figures } from '../figures.mjs';
import { pause } from '../processes.mjs';
import { TRACKS } from '../tones.mjs';

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

export const queue = [join];
