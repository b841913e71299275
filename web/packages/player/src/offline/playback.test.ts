import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';

import { done, offlineStage, passing } from '../testing/offlineStage.ts';
import { stage } from '../testing/stage.ts';

async function saved(segments: readonly number[]) {
  const first = stage(segments);
  first.player.destroy();
  const { clock, server, queue } = first;
  const { store } = await offlineStage({}, clock, server);
  for (const track of queue) await done(clock, store.save(track, 'high'));
  return { clock, server, queue, store };
}

/** A player on the same clock and server. */
function playerWith(from: Awaited<ReturnType<typeof saved>>) {
  return stage(
    [],
    {
      reports: false,
      offline: from.store,

      fetch: from.server.fetch,
      clock: from.clock,
    },
    from.clock,
  );
}

it('plays without a network, from one track into the next', async () => {
  const from = await saved([2, 3]);
  const { clock, server, queue } = from;
  server.down = true;
  server.asked.length = 0;
  const { player, element, core } = playerWith(from);
  player.load(queue, 0, { play: true });
  await passing(clock, 1_000);
  expect(player.state).toMatchObject({
    status: 'playing',
    error: null,
    playing: { quality: 'high' },
    signal: { delivery: 'stored' },
    throughput: null,
  });
  await passing(clock, 20_000);
  expect(player.state).toMatchObject({ status: 'ended', index: 1, stalls: { count: 0 } });
  expect(element.heardNames).toEqual(['a0 high', 'a1 high', 'b0 high', 'b1 high', 'b2 high']);
  expect(server.asked).toEqual([]);
  expect(core.of('segment_completed').every(({ cached }) => cached)).toBe(true);
});

it('fetches what the browser took back, with a fresh ticket', async () => {
  const from = await saved([4]);
  const { clock, server, queue, store } = from;
  server.ticket = 2;
  const open = store.open.bind(store);
  store.open = async (id) => {
    const copy = await open(id);
    return copy && { ...copy, read: async (piece) => (piece === 2 ? null : copy.read(piece)) };
  };
  const { player, element } = playerWith(from);
  player.load(queue, 0, { play: true });
  await passing(clock, 17_000);
  expect(player.state).toMatchObject({ status: 'ended', stalls: { count: 0 } });
  expect(element.heardNames).toEqual(['a0 high', 'a1 high', 'a2 high', 'a3 high']);
  expect(server.paths('/2.m4s?ticket=2')).toHaveLength(1);
});

it('plays over the network where the store fails', async () => {
  const from = await saved([2]);
  from.store.open = () => Promise.reject(new Error('broken'));
  const { player } = playerWith(from);
  player.load(from.queue, 0, { play: true });
  await passing(from.clock, 1_000);
  expect(player.state).toMatchObject({ status: 'playing', signal: { delivery: 'network' } });
});
