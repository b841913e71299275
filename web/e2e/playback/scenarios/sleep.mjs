// A computer that sleeps, and a page that the browser freezes: the sound goes on where it was.

import { BUFFER } from '../listener.mjs';
import { pause } from '../processes.mjs';

const SHORT = { ...BUFFER, buffer_size: 8, max_buffer_size: 12, rebuffer_threshold: 2.4 };
const QUEUE = ['Long', 'First half'];
/** Longer than anything that is held, or waited for. */
const ASLEEP_MS = 20_000;
/** What may pass between looking at the page and its standing still. */
const MARGIN_S = 4;

const full = (listener) =>
  listener.reaches(
    'the buffer is full',
    ({ position, buffered }) => (buffered.at(-1)?.end ?? 0) - position > 8,
  );

/** It plays beyond all that was held before. */
async function goesOn(listener, checks, before) {
  const after = await listener.reaches(
    'it plays beyond what was held',
    ({ status, position }) =>
      status === 'playing' && position > before.position + SHORT.max_buffer_size + 4,
  );
  checks.check('the queue is kept', after.queue.length === QUEUE.length, after.queue);
  checks.check('no error is left', after.error === null, after.error);
}

const asleep = {
  name: 'a computer that sleeps',
  plan: '3000:600',
  alone: true,
  async play({ world, listener, checks, own }) {
    await listener.start(world, QUEUE, { buffer: SHORT });
    const before = await full(listener);
    own.sleep();
    // What was connected is not any more.
    await world.network.stop();
    await pause(ASLEEP_MS);
    own.wake();
    const back = await listener.state();
    await world.network.start();
    checks.check('it goes on where it was', back.position < before.position + MARGIN_S, {
      before: before.position,
      back: back.position,
    });
    await goesOn(listener, checks, before);
    return listener.report();
  },
};

const frozen = {
  name: 'a page that the browser freezes',
  plan: '3000:600',
  alone: true,
  async play({ world, listener, checks }) {
    await listener.start(world, QUEUE, { buffer: SHORT });
    const before = await full(listener);
    await listener.lifecycle('frozen');
    await pause(ASLEEP_MS);
    await listener.lifecycle('active');
    // Frozen, a page plays what it holds and does nothing more.
    await goesOn(listener, checks, before);
    return listener.report();
  },
};

export const sleep = [asleep, frozen];
