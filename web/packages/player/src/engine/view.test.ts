import { describe, expect, it } from 'vitest';

import { DEFAULT_BUFFER } from '../preferences.ts';
import { stage, type Stage } from '../testing/stage.ts';

const SEGMENT_S = 3.84;
const BUFFER = { ...DEFAULT_BUFFER, buffer_size: 8, max_buffer_size: 12 };

async function playing(segments: readonly number[]): Promise<Stage> {
  const set = stage(segments, { buffer: BUFFER });
  set.player.load(set.queue, 0, { play: true });
  await set.clock.advance(1_500);
  return set;
}

describe('a quality for this track', () => {
  it('is fetched from then on, and the next track by the mode again', async () => {
    const { clock, server, player } = await playing([8, 3]);
    player.overrideQuality('ultra');
    expect(player.state).toMatchObject({ override: 'ultra', mode: 'auto' });
    await clock.advance(28_000);
    expect(server.paths('/a/ultra/').map((path) => path.split('/').at(-1)?.[0])).toContain('7');
    expect(server.paths('/b/').filter((path) => path.includes('.m4s'))[0]).toContain('medium');
    await clock.advance(4_000);
    expect(player.state).toMatchObject({ override: null, track: { id: 'b' } });
  });

  it('ends with the track that was left for another one', async () => {
    const { clock, server, player } = await playing([8, 8]);
    player.overrideQuality('low');
    await clock.advance(3_000);
    player.next();
    await clock.advance(3_000);
    expect(player.state.override).toBeNull();
    expect(server.paths('/b/low/')).toEqual([]);
  });

  it('can be taken back', async () => {
    const { clock, server, player } = await playing([30]);
    player.overrideQuality('low');
    await clock.advance(8_000);
    const before = server.paths('/a/low/').length;
    expect(before).toBeGreaterThan(0);
    player.overrideQuality(null);
    await clock.advance(10_000);
    expect(server.paths('/a/low/').length).toBe(before);
  });

  it('needs a track', () => {
    const { player } = stage([2]);
    player.overrideQuality('low');
    expect(player.state.override).toBeNull();
  });
});

describe('what comes next', () => {
  it('is shown while it is fetched, and when it is buffered, until it is heard', async () => {
    const { clock, core, server, player } = await playing([30]);
    expect(player.state.pending).toBeNull();
    core.quality = 'ultra';
    server.rateKbps = 640;
    await clock.advance(4_000);
    const { pending } = player.state;
    expect(pending).toMatchObject({ quality: 'ultra', bitrateKbps: 320, buffered: false });
    expect(pending!.position % SEGMENT_S).toBeCloseTo(0);
    await clock.advance(2_500);
    expect(player.state.pending).toEqual({ ...pending, buffered: true });
    await clock.advance((pending!.position - player.state.position + 0.2) * 1e3);
    expect(player.state).toMatchObject({ pending: null, playing: { quality: 'ultra' } });
  });

  it('does not change while it stays the same', async () => {
    const { clock, core, player } = await playing([30]);
    core.quality = 'ultra';
    const seen: unknown[] = [];
    player.subscribe(
      (state) => state.pending,
      (pending) => seen.push(pending?.buffered ?? null),
    );
    await clock.advance(20_000);
    expect(seen).toEqual([false, true, null]);
  });
});

it('shows the way from the file to the ear', async () => {
  const { player } = await playing([3]);
  expect(player.state.signal).toEqual({
    source: {
      codec: 'flac',
      bitrateKbps: 900,
      sampleRateHz: 44_100,
      bitsPerSample: 16,
      channels: 2,
    },
    codec: 'Opus',
    sampleRateHz: 48_000,
    decoder: 'audio/mp4; codecs="opus"',
    delivery: 'network',
  });
});
