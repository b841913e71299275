import { describe, expect, it } from 'vitest';

import { QueuePlayer } from './queuePlayer.ts';
import { FakeEngine } from './testing/fakeEngine.ts';
import { seconds } from './units.ts';

const tracks = ['a', 'b', 'c'].map((id) => ({ id, title: id }));

function playing(queue = tracks, index = 0) {
  const engine = new FakeEngine();
  const player = new QueuePlayer(engine);
  player.load(queue, index, { play: true });
  return { engine, player };
}

it('tells the engine what plays and what follows', () => {
  const { engine, player } = playing();
  engine.goOn();
  expect(player.state).toMatchObject({ index: 1, track: { id: 'b' } });
  player.next();
  expect(player.state).toMatchObject({ index: 2, track: { id: 'c' } });
  player.next();
  player.previous();
  engine.show({ position: seconds(5) });
  player.previous();
  expect(engine.asked).toEqual([
    ['load', 'a', 'b', true],
    ['enqueue', 'c'],
    ['load', 'c', null, true],
    ['load', 'b', 'c', true],
    ['seek', 0],
  ]);
});

it('shows track and place together, never one without the other', () => {
  const { engine, player } = playing();
  const seen: unknown[] = [];
  player.subscribe(
    (state) => state,
    ({ track, index }) => seen.push([track?.id, index]),
  );
  engine.goOn();
  player.next();
  expect(seen).toEqual([
    ['b', 1],
    ['c', 2],
  ]);
});

it('counts a track played twice as two', () => {
  const same = tracks[0]!;
  const { engine, player } = playing([same, same, same]);
  engine.goOn();
  expect(player.state.index).toBe(1);
  engine.goOn();
  expect(player.state.index).toBe(2);
  engine.goOn();
  expect(player.state.index).toBe(2);
});

it('keeps what plays when the queue around it changes', () => {
  const { engine, player } = playing();
  player.updateQueue([tracks[2]!, tracks[0]!, tracks[1]!], 1);
  expect(player.state).toMatchObject({ index: 1, track: { id: 'a' } });
  engine.goOn();
  expect(player.state).toMatchObject({ index: 2, track: { id: 'b' } });
  player.updateQueue([tracks[0]!], 0);
  expect(engine.asked.slice(1)).toEqual([
    ['enqueue', 'b'],
    ['enqueue', null],
    ['load', 'a', null, true],
  ]);
});

describe('a track that cannot be played', () => {
  const error = { code: 'unavailable', message: 'It is gone.' } as const;

  it('is passed over with a notice, and the queue kept', async () => {
    const { engine, player } = playing();
    engine.show({ error, wantsToPlay: false, status: 'error' });
    await Promise.resolve();
    expect(player.state).toMatchObject({
      index: 1,
      track: { id: 'b' },
      queue: tracks,
      error: null,
    });
    expect(player.state.skipped).toEqual({ track: tracks[0], error });
    engine.goOn();
    expect(player.state.skipped?.track.id).toBe('a');
    player.previous();
    expect(player.state.skipped).toBeNull();
  });

  it.each([
    ['the last one', 2, error],
    ['one that needs a login', 0, { ...error, code: 'unauthorized' as const }],
    ['one that waits for the network', 0, { ...error, code: 'offline' as const }],
  ])('stays: %s', async (_, index, failure) => {
    const { engine, player } = playing(tracks, index);
    engine.show({ error: failure });
    await Promise.resolve();
    expect(player.state).toMatchObject({ index, error: failure, skipped: null });
  });

  it('stays where nobody wanted sound', async () => {
    const { engine, player } = playing();
    player.pause();
    engine.show({ error });
    await Promise.resolve();
    expect(player.state).toMatchObject({ index: 0, error });
  });
});

it('ends with its engine', () => {
  const { player } = playing();
  player.destroy();
  expect(player.state).toMatchObject({ status: 'idle', track: null, queue: [], index: -1 });
});
