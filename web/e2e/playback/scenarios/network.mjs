// A network that becomes thirty times slower, and fast again: the sound follows it.

import { figures, heardBetween } from '../figures.mjs';

const DROP = 20;
const RISE = 110;
const END = 170;

const scenario = (name, plan) => ({
  name,
  plan,
  async play({ world, listener, checks, pauseUntil }) {
    await listener.start(world, ['Long']);
    await pauseUntil(END);
    const report = await listener.report();
    const found = figures(report);
    const rates = (from, to) => heardBetween(report, from, to).map(({ kbps }) => kbps);
    const [low, last] = [rates(DROP, RISE), rates(RISE, END)];
    checks.check('128 or less is heard while the network is slow', Math.min(...low) <= 128, low);
    checks.check('256 or more is heard when it is fast again', Math.max(...last) >= 256, last);
    checks.check('the sound has run all the time', found.sounded > END - 10, found.sounded);
    checks.unbroken(found);
    return report;
  },
});

export const network = [
  scenario('3 Mbps, 100 kbps, 3 Mbps', '3000:20,100:90,3000:600'),
  scenario('the same with 8 s without network', '3000:20,100:40,0:8,100:42,3000:600'),
];
