import { describe, expect, it } from 'vitest';

import { DEFAULT_BUFFER } from '../preferences.ts';
import { stage, type Stage } from '../testing/stage.ts';
import { kbps, seconds } from '../units.ts';

const SEGMENT_S = 3.84;

async function playing(segments: readonly number[] = [5]): Promise<Stage> {
  const set = stage(segments);
  set.player.load(set.queue, 0, { play: true });
  await set.clock.advance(1_000);
  expect(set.player.state.status).toBe('playing');
  return set;
}

describe('playing a track', () => {
  it('plays every segment once, in order, to its end', async () => {
    const { clock, element, player, queue } = stage([3]);
    player.load(queue);
    player.play();
    expect(player.state.status).toBe('loading');
    await clock.advance(1_000);
    expect(player.state.status).toBe('playing');
    expect(player.state.duration).toBeCloseTo(3 * SEGMENT_S);
    await clock.advance(12_000);
    expect(player.state.status).toBe('ended');
    expect(element.heardNames).toEqual(['a0 medium', 'a1 medium', 'a2 medium']);
    expect(player.state.stalls.count).toBe(0);
  });

  it('shows what the core believes of the network, as soon as it believes something', async () => {
    const { clock, core, player, queue } = stage([3]);
    const estimate = {
      expectedKbps: kbps(300),
      lowKbps: kbps(120),
      highKbps: kbps(750),
      latency: seconds(0.1),
      outageShare: 0.03,
    };
    player.load(queue, 0, { play: true });
    await clock.advance(10);
    expect(player.state.estimate).toBeNull();
    core.believed = estimate;
    await clock.advance(1_000);
    expect(player.state.estimate).toEqual(estimate);
    player.destroy();
    expect(player.state.estimate).toBeNull();
  });

  it('cuts the last segment at the exact end of the track', async () => {
    const { clock, server, element, player } = stage([]);
    server.add('a', 2, 184_320 + 1_000);
    player.load([{ id: 'a', title: 'Short' }], 0, { play: true });
    await clock.advance(1_000);
    expect(element.source.buffer?.appendWindowEnd).toBeCloseTo(185_320 / 48_000, 9);
    expect(element.source.buffer?.pieces.at(-1)?.end).toBeCloseTo(185_320 / 48_000, 9);
  });

  it('changes the rung between two segments without a gap, and shows which one is heard', async () => {
    const { clock, core, element, player } = await playing([6]);
    core.quality = 'ultra';
    await clock.advance(25_000);
    const heard = element.heardNames;
    expect(heard.map((name) => name.split(' ')[0])).toEqual(['a0', 'a1', 'a2', 'a3', 'a4', 'a5']);
    const spans = element.heard.map(({ start, end }) => [start, end]);
    for (const [i, [start]] of spans.slice(1).entries())
      expect(start).toBeCloseTo(spans[i]![1]!, 6);
    expect(player.state.stalls.count).toBe(0);
  });

  it('shows the rung under the playhead, the buffer by quality and the last reason', async () => {
    const set = stage([4]);
    set.player.applyBufferSettings({ ...DEFAULT_BUFFER, buffer_size: 5, max_buffer_size: 7 });
    set.player.load(set.queue, 0, { play: true });
    await set.clock.advance(800);
    set.core.quality = 'high';
    await set.clock.advance(3_500);
    const { playing: heard, buffered, decision } = set.player.state;
    expect(heard).toEqual({ quality: 'medium', bitrateKbps: 128 });
    expect(buffered.map(({ quality }) => quality)).toEqual(['medium', 'high']);
    expect(buffered[1]?.start).toBeCloseTo(2 * SEGMENT_S);
    expect(decision).toMatchObject({ quality: 'high', code: 'kept', reason: 'Staying at high' });
  });
});

describe('whoever watches', () => {
  it('sees what the core is told and answers, in order, until it stops watching', async () => {
    const { clock, player, queue } = stage([3]);
    const seen: string[] = [];
    const stop = player.watch((event) => {
      seen.push('input' in event ? event.input.type : `-> ${event.output.type}`);
    });
    player.load(queue, 0, { play: true });
    await clock.advance(1_000);
    const first = ['timeout', '-> fetch', 'play_pressed', 'segment_requested'];
    expect(seen.slice(0, 4)).toEqual(first);
    expect(seen).toContain('-> play');
    stop();
    const before = seen.length;
    await clock.advance(5_000);
    expect(seen.length).toBe(before);
  });
});

describe('what the listener asks for', () => {
  it('is heard faster or slower, within what can be understood', async () => {
    const { clock, player } = await playing([5]);
    const { position } = player.state;
    player.setRate(2);
    await clock.advance(2_000);
    expect(player.state.rate).toBe(2);
    expect(player.state.position - position).toBeCloseTo(4, 0);
    for (const [asked, given] of [
      [0, 0.25],
      [99, 4],
      [1, 1],
    ] as const) {
      player.setRate(asked);
      expect(player.state.rate).toBe(given);
    }
  });

  it('goes to a buffered position without another fetch, and to another one with one', async () => {
    const { clock, server, element, player } = await playing([40]);
    await clock.advance(2_000);
    player.seek(6);
    await clock.advance(100);
    expect(player.state).toMatchObject({ status: 'playing' });
    expect(server.paths('/1.m4s')).toHaveLength(1);
    player.seek(100);
    expect(player.state.status).toBe('loading');
    await clock.advance(1_000);
    expect(player.state.status).toBe('playing');
    expect(player.state.position).toBeGreaterThan(100);
    expect(server.paths('/26.m4s')).toHaveLength(1);
    expect(element.heard.at(-1)).toMatchObject({ index: 26 });
    expect(player.state.stalls.count).toBe(0);
  });

  it('pauses, keeps the position and goes on', async () => {
    const { clock, core, player } = await playing();
    player.pause();
    const { position } = player.state;
    await clock.advance(5_000);
    expect(player.state).toMatchObject({ status: 'paused', position });
    player.play();
    await clock.advance(1_000);
    expect(player.state.status).toBe('playing');
    expect(core.of('pause_pressed')).toHaveLength(1);
    expect(core.of('play_pressed')).toHaveLength(2);
  });

  it('fetches only manifest and init segment before play, if preload says metadata', async () => {
    for (const [preload, segments] of [
      ['metadata', 0],
      ['auto', 5],
    ] as const) {
      const { clock, server, player, queue } = stage([5], {
        buffer: { ...DEFAULT_BUFFER, preload },
      });
      player.load(queue);
      await clock.advance(5_000);
      expect(player.state.status).toBe('ready');
      expect(server.paths('init.mp4'), preload).toHaveLength(1);
      expect(server.paths('.m4s'), preload).toHaveLength(segments);
    }
  });

  it('takes a preload that arrives before the first play', async () => {
    const { clock, server, core, player, queue } = stage([5], {
      buffer: { ...DEFAULT_BUFFER, preload: 'metadata' },
    });
    player.load(queue);
    await clock.advance(1_000);
    player.applyBufferSettings(DEFAULT_BUFFER);
    await clock.advance(3_000);
    expect(core.config?.preload).toBe('auto');
    expect(server.paths('.m4s')).toHaveLength(5);
  });

  it('tells the core of mode, preferences and buffer, and follows what it then says', async () => {
    const { clock, core, server, player } = await playing([60]);
    player.setMode('low');
    player.applyBufferSettings({ ...DEFAULT_BUFFER, max_buffer_size: 60 });
    await clock.advance(2_000);
    expect(core.of('cap_changed').map(({ limits }) => [limits.mode, limits.max])).toEqual([
      ['low', 30],
      ['low', 60],
    ]);
    expect(server.paths('/low/').length).toBeGreaterThan(3);
    expect(player.state).toMatchObject({ mode: 'low', buffer: { max_buffer_size: 60 } });
  });

  it('sets volume and silence on the element', async () => {
    const { element, player } = await playing();
    player.setVolume(1.5);
    player.mute(true);
    expect([element.volume, element.muted]).toEqual([1, true]);
    expect(player.state).toMatchObject({ volume: 1, muted: true });
  });

  it('says so when the browser wants a gesture first, and plays after one', async () => {
    const { clock, element, player, queue } = stage([3]);
    element.refusesToPlay = true;
    player.load(queue, 0, { play: true });
    await clock.advance(1_000);
    expect(player.state).toMatchObject({ wantsToPlay: false, error: { code: 'blocked' } });
    element.refusesToPlay = false;
    player.play();
    await clock.advance(500);
    expect(player.state).toMatchObject({ status: 'playing', error: null });
  });
});
