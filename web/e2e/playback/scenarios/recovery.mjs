// A server that dies, a page without a network, a browser without room: the sound goes on by itself,
// and the queue is what it was.

import { figures, segmentRequests } from '../figures.mjs';
import { BUFFER } from '../listener.mjs';
import { pause } from '../processes.mjs';

const SHORT = { ...BUFFER, buffer_size: 8, max_buffer_size: 12, rebuffer_threshold: 2.4 };
const QUEUE = ['Long', 'First half'];
const OFFLINE_MS = 20_000;

const ahead = ({ position, buffered }) => (buffered.at(-1)?.end ?? 0) - position;
const full = (listener) => listener.reaches('the buffer is full', (state) => ahead(state) > 8);

function keptQueue(checks, state) {
  checks.check('the queue is kept', state.queue.length === QUEUE.length, state.queue);
  checks.check('no error is left', state.error === null, state.error);
}

const killed = {
  name: 'a server killed and started again',
  plan: '3000:600',
  async play({ world, listener, checks }) {
    await listener.start(world, QUEUE, { buffer: SHORT });
    await full(listener);
    await world.kill();
    await pause(2_000);
    await world.revive();
    const { position } = await listener.state();
    const after = await listener.reaches(
      'it plays beyond what was held',
      (state) =>
        state.status === 'playing' && state.position > position + SHORT.max_buffer_size + 4,
    );
    keptQueue(checks, after);
    const report = await listener.report();
    // Starting takes as long as the machine takes: a stall is no flaw, a click is.
    if (after.stalls.count === 0) checks.unbroken(figures(report));
    return report;
  },
};

const offline = {
  name: 'twenty seconds offline',
  plan: '3000:600',
  async play({ world, listener, checks }) {
    await listener.start(world, QUEUE, { buffer: SHORT });
    await full(listener);
    await listener.offline(true);
    await pause(OFFLINE_MS);
    const out = await listener.state();
    checks.check('it says why it is silent', out.error?.code === 'offline', out);
    const back = Date.now();
    await listener.offline(false);
    const after = await listener.reaches(
      'the sound goes on by itself',
      ({ status, position }) => status === 'playing' && position > out.position + 2,
      30_000,
    );
    checks.check('soon after the network is back', Date.now() - back < 15_000, Date.now() - back);
    checks.check('one stall', after.stalls.count === 1, after.stalls);
    keptQueue(checks, after);
    return listener.report();
  },
};

/** Runs in the page: a browser that has room for twelve seconds. */
function littleRoom() {
  const append = SourceBuffer.prototype.appendBuffer;
  SourceBuffer.prototype.appendBuffer = function bounded(data) {
    const { buffered } = this;
    const held = Array.from(
      { length: buffered.length },
      (_, i) => buffered.end(i) - buffered.start(i),
    );
    if (held.reduce((sum, length) => sum + length, 0) > 12 && data.byteLength > 2_000) {
      globalThis.refused = (globalThis.refused ?? 0) + 1;
      throw new DOMException('full', 'QuotaExceededError');
    }
    return append.call(this, data);
  };
}

const quota = {
  name: 'a browser without room',
  plan: '8000:600',
  before: littleRoom,
  async play({ world, listener, checks }) {
    await listener.start(world, QUEUE);
    const after = await listener.reaches('it plays on', ({ position }) => position > 20, 120_000);
    const report = await listener.report();
    checks.check('the browser refused some', report.refused > 0, report.refused);
    keptQueue(checks, after);
    checks.unbroken(figures(report));
    checks.check('much was fetched once', segmentRequests(report).length >= 8);
    return report;
  },
};

const SEEKS = 20;
/** Further apart than anything is held ahead: each place is one that was never fetched. */
const APART_S = 13;
const LITTLE = { ...BUFFER, buffer_size: 4, max_buffer_size: 8, rebuffer_threshold: 1.2 };

const seeks = {
  name: 'seek to sound on an unshaped link',
  plan: '100000:600',
  async play({ world, listener, checks }) {
    await listener.start(world, QUEUE, { buffer: LITTLE });
    await listener.reaches('it plays', ({ position }) => position > 1, 60_000);
    const times = [];
    const held = [];
    for (let n = 0; n < SEEKS; n += 1) {
      const to = APART_S * (1 + ((n * 7) % SEEKS));
      const { buffered } = await listener.state();
      if (buffered.some(({ start, end }) => start <= to && to < end)) held.push(to);
      times.push(await listener.seekToSound(to));
      await pause(150);
    }
    checks.check('nothing was there already', held.length === 0, held);
    times.sort((a, b) => a - b);
    const at = (share) => times[Math.ceil(share * times.length) - 1].toFixed(0);
    // How soon is the machine's too: it is shown, and judged by whoever knows the machine.
    checks.figure('seek to sound, p50, p95, worst', `${at(0.5)}, ${at(0.95)}, ${at(1)} ms`);
    const { error } = await listener.state();
    checks.check('no error is left', error === null, error);
    return listener.report();
  },
};

export const recovery = [killed, offline, quota, seeks];
