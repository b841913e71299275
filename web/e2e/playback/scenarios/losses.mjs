// What the network and the server take away comes back by itself.

import { figures, segmentRequests } from '../figures.mjs';
import { BUFFER } from '../listener.mjs';
import { pause, until } from '../processes.mjs';

const SHORT = { ...BUFFER, buffer_size: 8, max_buffer_size: 12, rebuffer_threshold: 2.4 };
/** Shorter than what is held. */
const AWAY_MS = 5_000;

const ahead = ({ position, buffered }) => (buffered.at(-1)?.end ?? 0) - position;

const lost = {
  name: 'the network lost, briefly and for long',
  plan: '3000:600',
  async play({ world, listener, checks }) {
    await listener.start(world, ['Long'], { buffer: SHORT });
    await listener.reaches('the buffer is full', (state) => ahead(state) > 8);
    await world.network.stop();
    await pause(AWAY_MS);
    await world.network.start();
    const back = await listener.reaches('it fills again', (state) => ahead(state) > 8, 30_000);
    checks.check('five seconds are not heard', back.stalls.count === 0, back.stalls);
    checks.unbroken(figures(await listener.report()));
    await world.network.stop();
    const out = await listener.reaches(
      'the sound stops and says why',
      ({ status, error }) => status === 'stalled' && error?.code === 'offline',
      60_000,
    );
    await pause(AWAY_MS);
    await world.network.start();
    const again = await listener.reaches(
      'the sound goes on',
      ({ status, position }) => status === 'playing' && position > out.position + 3,
      60_000,
    );
    checks.check('one stall', again.stalls.count === 1, again.stalls);
    checks.check('the error is gone', again.error === null, again.error);
    const report = await listener.report();
    checks.check('no click beside the stall itself', figures(report).clicks.length <= 2, {
      clicks: figures(report).clicks,
      gaps: figures(report).gaps,
    });
    return report;
  },
};

const ticket = {
  name: 'tickets revoked while playing',
  plan: '3000:600',
  async play({ world, listener, checks }) {
    const fresh = await world.newToken();
    await listener.start(world, ['Long'], { buffer: SHORT });
    await listener.reaches('the buffer is full', (state) => ahead(state) > 8);
    await listener.setToken(fresh);
    await revokeFirst(world);
    const refused = await until('a segment is refused', async () =>
      segmentRequests(await listener.report()).find(({ status }) => status >= 400),
    );
    const { position } = await listener.state();
    const after = await listener.reaches(
      'it plays beyond what was held',
      (state) => state.position > position + SHORT.max_buffer_size + 2,
    );
    const report = await listener.report();
    const good = segmentRequests(report).filter(({ t, status }) => t > refused.t && status === 200);
    checks.check(
      'it is refused as unauthorized',
      [401, 403, 410].includes(refused.status),
      refused,
    );
    checks.check('segments come again', good.length > 2, good.length);
    checks.check('no error is shown', after.error === null, after.error);
    checks.unbroken(figures(report));
    return report;
  },
};

/** Ends the token that the page began with. */
async function revokeFirst(world) {
  const { results } = await (await world.ask('/api/auth/tokens/')).json();
  const oldest = results.reduce((a, b) => (a.created_at < b.created_at ? a : b));
  const response = await world.ask(`/api/auth/tokens/${oldest.id}/`, { method: 'DELETE' });
  if (!response.ok) throw new Error(`revoking a token answers ${response.status}`);
}

export const losses = [lost, ticket];
