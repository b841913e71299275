import { expect, it } from 'vitest';

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

it('ends with its engine', () => {
  const { player } = playing();
  player.destroy();
  expect(player.state).toMatchObject({ status: 'idle', track: null, queue: [], index: -1 });
});
