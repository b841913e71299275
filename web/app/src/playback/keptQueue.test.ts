import { beforeEach, expect, test } from 'vitest';

import { fakePlayer } from '../testing/fakePlayer.ts';
import { followQueue, keptQueue } from './keptQueue.ts';

const tracks = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `t${index}`, title: `Track ${index}` }));

beforeEach(() => localStorage.clear());

test('a new page goes on where the old one was, and makes no sound by itself', () => {
  const before = fakePlayer();
  followQueue(before, 'ada', localStorage);
  before.load(tracks(3), 1, { play: true });
  before.patch({ position: 42 as never });
  const after = fakePlayer();
  followQueue(after, 'ada', localStorage);
  expect(after.calls).toEqual([
    ['load', tracks(3), 1],
    ['seek', 42],
  ]);
  expect(after.state.wantsToPlay).toBe(false);
});

test('another listener gets nothing of it', () => {
  const before = fakePlayer();
  followQueue(before, 'ada', localStorage);
  before.load(tracks(3), 1);
  expect(keptQueue('bob', localStorage)).toBeNull();
});

test('of a very long queue the part around the playing track is kept', () => {
  const player = fakePlayer();
  followQueue(player, 'ada', localStorage);
  player.load(tracks(100_000), 50_000);
  const kept = keptQueue('ada', localStorage);
  expect(kept?.queue[kept.index]?.id).toBe('t50000');
  expect(kept?.queue.length).toBe(1200);
});

test.each(['', '{', '{}', '{"queue":[1],"index":0,"position":0}', '{"queue":[],"index":0}'])(
  'what is no queue is none: %s',
  (text) => {
    localStorage.setItem('quicksync.queue.ada', text);
    expect(keptQueue('ada', localStorage)).toBeNull();
  },
);

test('once ended, nothing more is kept', () => {
  const player = fakePlayer();
  followQueue(player, 'ada', localStorage)();
  player.load(tracks(2), 0);
  expect(keptQueue('ada', localStorage)).toBeNull();
});
