import { describe, expect, it } from 'vitest';

import { DEFAULT_BUFFER } from '../preferences.ts';
import { stage, type Stage } from '../testing/stage.ts';

const SEGMENT_S = 3.84;

async function playing(segments: readonly number[]): Promise<Stage> {
  const set = stage(segments);
  set.player.load(set.queue, 0, { play: true });
  await set.clock.advance(1_500);
  return set;
}

describe('from one track to the next', () => {
  it('joins them on one timeline without a gap or a stall', async () => {
    const { clock, element, player } = await playing([2, 3]);
    expect(element.source.buffer?.pieces.map(({ track }) => track)).toContain('b');
    await clock.advance(7_000);
    expect(player.state).toMatchObject({ status: 'playing', index: 1, track: { id: 'b' } });
    expect(player.state.position).toBeLessThan(2);
    expect(player.state.duration).toBeCloseTo(3 * SEGMENT_S);
    await clock.advance(15_000);
    expect(element.heardNames).toEqual([
      'a0 medium',
      'a1 medium',
      'b0 medium',
      'b1 medium',
      'b2 medium',
    ]);
    expect(element.heard[2]?.start).toBeCloseTo(element.heard[1]!.end, 9);
    expect(player.state).toMatchObject({ status: 'ended', stalls: { count: 0 } });
  });

  it('places the second track at the exact sample where the first one ends', async () => {
    const { clock, server, element, player } = stage([]);
    server.add('a', 2, 200_001);
    server.add('b', 2);
    player.load(
      [
        { id: 'a', title: 'A' },
        { id: 'b', title: 'B' },
      ],
      0,
      { play: true },
    );
    await clock.advance(2_000);
    const first = element.source.buffer?.pieces.find(({ track }) => track === 'b');
    expect(first?.start).toBeCloseTo(200_001 / 48_000, 9);
    expect(player.state.track?.id).toBe('a');
  });

  it('prepares no track after itself where the join makes room for more of it', async () => {
    const buffer = { ...DEFAULT_BUFFER, buffer_size: 4, max_buffer_size: 6 };
    const { clock, server, element, player, queue } = stage([2, 4], { buffer });
    player.load(queue, 0, { play: true });
    await clock.advance(30_000);
    expect(player.state).toMatchObject({ status: 'ended', index: 1 });
    expect(server.paths('/b/manifest/')).toHaveLength(1);
    expect(element.heardNames.slice(2)).toEqual([
      'b0 medium',
      'b1 medium',
      'b2 medium',
      'b3 medium',
    ]);
  });

  it('skips into a prepared track without asking for it again', async () => {
    const { clock, server, player } = await playing([3, 3, 3]);
    player.next();
    await clock.advance(500);
    expect(player.state).toMatchObject({ status: 'playing', index: 1, track: { id: 'b' } });
    expect(server.paths('/b/manifest/?')).toHaveLength(1);
    expect(server.paths('/b/medium/0.m4s')).toHaveLength(1);
  });

  it('goes back to the beginning, and from the beginning to the track before', async () => {
    const { clock, player } = await playing([3, 3]);
    player.next();
    await clock.advance(4_000);
    player.previous();
    await clock.advance(500);
    expect(player.state).toMatchObject({ index: 1, status: 'playing' });
    expect(player.state.position).toBeLessThan(1);
    player.previous();
    await clock.advance(1_000);
    expect(player.state).toMatchObject({ index: 0, track: { id: 'a' }, status: 'playing' });
  });

  it('keeps what the core learned when another queue is loaded', async () => {
    const { clock, core, server, player } = await playing([3]);
    server.add('x', 4);
    player.load([{ id: 'x', title: 'X' }], 0, { play: true });
    expect(player.state.track?.id).toBe('x');
    await clock.advance(1_000);
    expect(player.state.status).toBe('playing');
    expect(core.of('seeked').at(-1)).toMatchObject({ positionUs: 0 });
    expect(core.freed).toBe(false);
  });

  it('plays on while the queue changes, and prepares what follows now', async () => {
    const { clock, server, element, player, queue } = await playing([3, 3]);
    server.add('x', 2);
    player.updateQueue([queue[0]!, { id: 'x', title: 'X' }], 0);
    await clock.advance(14_000);
    expect(player.state.track?.id).toBe('x');
    expect(new Set(element.heard.map(({ track }) => track))).toEqual(new Set(['a', 'x']));
    expect(player.state.stalls.count).toBe(0);
  });

  it('passes over a track that the server does not have', async () => {
    const { clock, element, player, queue } = await playing([2, 2]);
    const gone = { id: 'q', title: 'Gone' };
    player.updateQueue([queue[0]!, gone, queue[1]!], 0);
    await clock.advance(12_000);
    expect(player.state).toMatchObject({ status: 'playing', index: 2, error: null });
    expect(player.state.skipped).toMatchObject({ track: gone, error: { code: 'unavailable' } });
    expect(new Set(element.heard.map(({ track }) => track))).toEqual(new Set(['a', 'b']));
  });

  it('ends before a track that the server does not have, and says why when it gets there', async () => {
    const { clock, server, player } = await playing([2]);
    player.updateQueue([...player.state.queue, { id: 'q', title: 'Gone' }], 0);
    await clock.advance(9_000);
    expect(player.state).toMatchObject({
      status: 'error',
      track: { id: 'q' },
      error: { code: 'unavailable' },
    });
    expect(server.paths('/q/').length).toBeGreaterThan(0);
  });
});
