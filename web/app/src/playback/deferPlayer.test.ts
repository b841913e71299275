import type { Player } from '@quicksync/player';
import { expect, test, vi } from 'vitest';

import { fakePlayer } from '../testing/fakePlayer.ts';
import { deferPlayer } from './deferPlayer.ts';

const QUEUE = [{ id: 't1', title: 'One' }];

function onItsWay() {
  let way = { resolve: (_: Player) => {}, reject: (_: Error) => {} };
  const coming = new Promise<Player>((resolve, reject) => (way = { resolve, reject }));
  return { ...way, player: deferPlayer(coming, 'No player.') };
}

test('what it is asked before it is there it does when it comes, in order', async () => {
  const { player, resolve } = onItsWay();
  const titles: (string | undefined)[] = [];
  player.subscribe(
    ({ track }) => track?.title,
    (title) => titles.push(title),
  );
  player.setVolume(0.5);
  player.load(QUEUE, 0, { play: true });
  expect(player.state.status).toBe('idle');
  const real = fakePlayer();
  resolve(real);
  await vi.waitFor(() => expect(player.state.status).toBe('playing'));
  expect(real.calls.map(([name]) => name)).toEqual(['setVolume', 'load']);
  expect(titles).toEqual(['One']);
  player.pause();
  expect(real.state.wantsToPlay).toBe(false);
});

test('whoever stopped watching before it came hears nothing', async () => {
  const { player, resolve } = onItsWay();
  const heard = vi.fn();
  player.subscribe(({ status }) => status, heard)();
  player.watch(heard)();
  const real = fakePlayer();
  resolve(real);
  player.play();
  await vi.waitFor(() => expect(real.calls.length).toBe(1));
  real.show({ type: 'told' } as never);
  expect(heard).not.toHaveBeenCalled();
});

test('a player that never comes is a failure one can read', async () => {
  const { player, reject } = onItsWay();
  const heard = vi.fn();
  player.subscribe(({ error }) => error?.message, heard);
  reject(new Error('404'));
  await vi.waitFor(() => expect(heard).toHaveBeenCalledWith('No player.'));
  expect(player.state.status).toBe('error');
});
