// Each setting, changed while the sound runs, changes what is fetched next.

import { KBPS, figures, segmentRequests } from '../figures.mjs';
import { BUFFER, PREFERENCES } from '../listener.mjs';
import { until } from '../processes.mjs';

/** Little ahead, so that the next fetch is never far. */
const SHORT = { ...BUFFER, buffer_size: 8, max_buffer_size: 12, rebuffer_threshold: 2.4 };

/** The first segments asked for after `change`. */
async function fetchedAfter(listener, change, count = 2) {
  const before = segmentRequests(await listener.report()).length;
  await change();
  const after = await until('more segments are fetched', async () => {
    const all = segmentRequests(await listener.report());
    return all.length >= before + count && all.slice(before);
  });
  return after.slice(0, count).map(({ quality }) => quality);
}

const settled = (listener, buffer) =>
  listener.reaches(
    'the buffer is full',
    ({ status, position, buffered }) =>
      status === 'playing' && (buffered.at(-1)?.end ?? 0) - position > buffer.max_buffer_size - 5,
  );

async function finish(listener, checks) {
  const report = await listener.report();
  checks.unbroken(figures(report));
  return report;
}

const mode = {
  name: 'mode changed while playing',
  plan: '8000:600',
  async play({ world, listener, checks }) {
    await listener.start(world, ['Long'], { buffer: SHORT });
    await settled(listener, SHORT);
    for (const chosen of ['low', 'ultra', 'medium']) {
      const next = await fetchedAfter(listener, () => listener.call('setMode', chosen));
      checks.check(`${chosen} is fetched after it was chosen`, next.at(-1) === chosen, next);
    }
    const auto = await fetchedAfter(listener, () => listener.call('setMode', 'auto'));
    checks.check('auto leaves medium on a fast network', auto.at(-1) !== 'medium', auto);
    return finish(listener, checks);
  },
};

const host = {
  name: 'adapt_to_system changed while playing',
  plan: '8000:600',
  async play({ world, listener, checks }) {
    await listener.start(world, ['Long'], { buffer: SHORT });
    await settled(listener, SHORT);
    const load = (cpu) => listener.call('applyHostLoad', { cpu_percent: cpu, memory_percent: 20 });
    const adapt = (on) =>
      listener.call('applyPreferences', { ...PREFERENCES, adapt_to_system: on });
    const busy = await fetchedAfter(listener, () => load(95));
    checks.check('a busy server is asked for less', busy.at(-1) === 'high', busy);
    const off = await fetchedAfter(listener, () => adapt(false));
    checks.check('without adapt_to_system for as much as ever', off.at(-1) === 'ultra', off);
    const on = await fetchedAfter(listener, () => adapt(true));
    checks.check('and with it for less again', on.at(-1) === 'high', on);
    return finish(listener, checks);
  },
};

const quality = {
  name: 'prefer_quality changed while playing',
  plan: '300:600',
  async play({ world, listener, checks }) {
    const steady = { ...PREFERENCES, prefer_quality: false };
    await listener.start(world, ['Long'], { buffer: SHORT, preferences: steady });
    await settled(listener, SHORT);
    const before = await fetchedAfter(listener, () => undefined, 4);
    const after = await fetchedAfter(
      listener,
      () => listener.call('applyPreferences', PREFERENCES),
      4,
    );
    const sum = (fetched) => fetched.reduce((total, rung) => total + KBPS[rung], 0);
    const mean = (fetched) => sum(fetched) / fetched.length;
    checks.check('more is fetched for prefer_quality', mean(after) > mean(before), {
      before,
      after,
    });
    return finish(listener, checks);
  },
};

const device = {
  name: 'a device under pressure',
  plan: '8000:600',
  async play({ world, listener, checks }) {
    await listener.pressure('nominal');
    await listener.start(world, ['Long'], { buffer: SHORT });
    await settled(listener, SHORT);
    const critical = await fetchedAfter(listener, () => listener.pressure('critical'), 4);
    checks.check('a device under pressure asks for less', critical.at(-1) === 'medium', critical);
    const off = () => listener.call('applyPreferences', { ...PREFERENCES, adapt_to_system: false });
    const free = await fetchedAfter(listener, off);
    const more = ['high', 'ultra'].includes(free.at(-1));
    checks.check('without adapt_to_system for more again', more, free);
    return finish(listener, checks);
  },
};

export const settings = [mode, host, device, quality];
