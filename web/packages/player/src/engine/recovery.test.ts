import { describe, expect, it } from 'vitest';

import { DEFAULT_BUFFER } from '../preferences.ts';
import { millis } from '../units.ts';
import { stage, type Stage } from '../testing/stage.ts';

async function playing(segments: readonly number[], maxBuffer = 8): Promise<Stage> {
  const buffer = { ...DEFAULT_BUFFER, buffer_size: 8, max_buffer_size: maxBuffer };
  const set = stage(segments, { buffer });
  set.player.load(set.queue, 0, { play: true });
  await set.clock.advance(1_500);
  return set;
}

describe('when the network fails', () => {
  it('waits, says so, and goes on from where it stopped', async () => {
    const { clock, server, core, player } = await playing([10]);
    server.down = true;
    await clock.advance(20_000);
    const { position } = player.state;
    expect(player.state).toMatchObject({ status: 'stalled', error: { code: 'offline' } });
    expect(core.of('segment_failed').length).toBeGreaterThan(2);
    server.down = false;
    await clock.advance(2_000);
    expect(player.state).toMatchObject({ status: 'playing', error: null, stalls: { count: 1 } });
    expect(player.state.position).toBeGreaterThan(position);
    expect(player.state.position).toBeLessThan(position + 3);
    expect(player.state.stalls.total).toBeGreaterThan(5);
  });

  it('tells the core at once when the browser is online again', async () => {
    const { clock, core, window } = await playing([10]);
    window.dispatchEvent(new Event('online'));
    await clock.advance(10);
    expect(core.of('network_changed')).toMatchObject([{ kind: 'unknown' }]);
  });

  it('asks for a manifest again and again until the server is back', async () => {
    const { clock, server, player, queue } = stage([3]);
    server.down = true;
    player.load(queue, 0, { play: true });
    await clock.advance(10_000);
    expect(player.state.status).toBe('loading');
    const tries = server.paths('/manifest/').length;
    expect(tries).toBeGreaterThan(3);
    expect(tries).toBeLessThan(8);
    server.down = false;
    await clock.advance(9_000);
    expect(player.state.status).toBe('playing');
  });

  it('survives a server that starts again and answers 503 meanwhile', async () => {
    const { clock, server, player } = await playing([10]);
    server.refuseWith = 503;
    await clock.advance(4_000);
    server.refuseWith = null;
    await clock.advance(20_000);
    expect(player.state).toMatchObject({ status: 'playing', stalls: { count: 0 } });
  });
});

describe('when the ticket has expired', () => {
  it('gets a fresh manifest and goes on without a stall', async () => {
    const { clock, server, player } = await playing([10]);
    server.ticket = 2;
    await clock.advance(30_000);
    expect(player.state).toMatchObject({ status: 'playing', error: null, stalls: { count: 0 } });
    expect(server.paths('/manifest/')).toHaveLength(2);
  });

  it('says that a new login is needed if the manifest is refused too, and plays on after it', async () => {
    const { clock, server, player } = await playing([10]);
    server.refuseWith = 401;
    await clock.advance(12_000);
    expect(player.state).toMatchObject({ status: 'error', error: { code: 'unauthorized' } });
    const { position } = player.state;
    server.refuseWith = null;
    player.play();
    await clock.advance(2_000);
    expect(player.state).toMatchObject({ status: 'playing', error: null });
    expect(player.state.position).toBeGreaterThanOrEqual(position);
  });
});

describe('when the browser has no room', () => {
  it('removes what was heard and goes on', async () => {
    const set = stage([40], { buffer: { ...DEFAULT_BUFFER, max_buffer_size: 60 } });
    set.element.source.capacityBytes = 8 * 128 * 480;
    set.player.load(set.queue, 0, { play: true });
    await set.clock.advance(60_000);
    expect(set.player.state).toMatchObject({ status: 'playing', stalls: { count: 0 } });
    expect(set.element.source.buffer?.log.some((line) => line.startsWith('remove'))).toBe(true);
    expect(set.core.of('segment_evicted').length).toBeGreaterThan(0);
  });

  it('can still go elsewhere while it waits for room', async () => {
    const set = stage([40], { buffer: { ...DEFAULT_BUFFER, max_buffer_size: 60 } });
    set.element.source.capacityBytes = 4 * 128 * 480;
    set.player.load(set.queue, 0, { play: true });
    await set.clock.advance(5_000);
    set.player.seek(100);
    await set.clock.advance(5_000);
    expect(set.player.state.status).toBe('playing');
    expect(set.player.state.position).toBeGreaterThan(100);
  });
});

describe('what the core takes back', () => {
  it('aborts an abandoned transfer and says nothing more of it', async () => {
    const { clock, core, server } = await playing([10]);
    server.rateKbps = 20;
    await clock.advance(5_000);
    const segment = core.of('segment_requested').at(-1)!;
    const { quality } = segment;
    const told = core.inputs.length;
    core.forced.push({
      type: 'abandon',
      segment: segment.segment,
      quality,
      code: 'too_slow',
      reason: 'Gave up',
    });
    await clock.advance(60_000);
    const after = core.inputs.slice(told);
    const same = after.filter(
      (input) => 'segment' in input && input.segment.index === segment.segment.index,
    );
    expect(same.filter(({ type }) => type === 'segment_completed')).toEqual([]);
  });

  it('puts a better copy in the place of a buffered segment', async () => {
    const { clock, core, element, player } = await playing([10], 30);
    const { segment } = core.of('segment_completed').at(-1)!;
    const replace = { type: 'replace', segment, quality: 'ultra', code: 'upgrade' } as const;
    core.forced.push({ ...replace, reason: 'Replacing medium with ultra' });
    await clock.advance(1_500);
    expect(element.source.buffer?.pieces.filter(({ index }) => index === segment.index)).toEqual([
      expect.objectContaining({ quality: 'ultra' }),
    ]);
    expect(player.state.buffered.map(({ quality }) => quality)).toContain('ultra');
  });

  it('leaves a segment alone that is being heard', async () => {
    const { clock, core, element } = await playing([10], 30);
    const segment = { track: 1, index: 0 };
    const replace = { type: 'replace', segment, quality: 'ultra', code: 'upgrade' } as const;
    core.forced.push({ ...replace, reason: 'Too late' });
    await clock.advance(1_000);
    expect(element.source.buffer?.pieces.find(({ index }) => index === 0)?.quality).toBe('medium');
  });
});

describe('what the server hears', () => {
  it('gets throughput samples in batches, with the device named', async () => {
    const { server } = await playing([12], 40);
    const posts = server.asked.filter(({ path }) => path.endsWith('/samples/'));
    expect(posts.length).toBeGreaterThanOrEqual(1);
    expect(posts[0]?.headers.get('X-Quick-Sync-Device')).toMatch(/^[0-9a-f-]{36}$/);
    const { samples } = JSON.parse(posts[0]?.body ?? '');
    expect(samples).toHaveLength(5);
    expect(samples[0]).toMatchObject({ bytes: 61_440, source: 'playback' });
    expect(samples[0].duration_ms).toBeCloseTo(20 + 61_440 / 1_000, 3);
  });

  it('gets the rest when the page goes away', async () => {
    const { clock, server, window } = await playing([3], 40);
    const posts = () => server.asked.filter(({ path }) => path.endsWith('/samples/'));
    expect(posts()).toHaveLength(0);
    window.dispatchEvent(new Event('pagehide'));
    await clock.advance(millis(100));
    expect(JSON.parse(posts()[0]?.body ?? '').samples).toHaveLength(3);
  });
});
