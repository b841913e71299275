import { describe, expect, it } from 'vitest';

import { DEFAULT_BUFFER } from '../preferences.ts';
import { stage } from '../testing/stage.ts';

describe('from one codec to another', () => {
  it('tells the source buffer, at the exact sample, and goes on without a stall', async () => {
    const set = stage([2, 2], {});
    const { clock, server, element, player, queue } = set;
    server.codecs.set('b', 'mp4a.40.2');
    element.plays = /opus|mp4a/i;
    player.load(queue, 0, { play: true });
    await clock.advance(6_000);
    const log = element.source.buffer!.log;
    const change = log.indexOf('type audio/mp4; codecs="mp4a.40.2"');
    expect(log.slice(change, change + 3)).toEqual([
      'type audio/mp4; codecs="mp4a.40.2"',
      'init',
      'b0 medium',
    ]);
    expect(element.source.buffer?.pieces.find(({ track }) => track === 'b')?.start).toBe(7.68);
    expect(player.state.signal?.codec).toBe('Opus');
    await clock.advance(4_000);
    expect(player.state).toMatchObject({ track: { id: 'b' }, stalls: { count: 0 } });
    expect(player.state.signal).toMatchObject({
      codec: 'mp4a.40.2',
      decoder: 'audio/mp4; codecs="mp4a.40.2"',
    });
  });

  it('says which codec the browser does not play', async () => {
    const { clock, server, player, queue } = stage([2]);
    server.codecs.set('a', 'ac-3');
    player.load(queue, 0, { play: true });
    await clock.advance(1_000);
    expect(player.state.error).toMatchObject({ code: 'unsupported' });
    expect(player.state.error?.message).toContain('ac-3');
  });
});

describe('a managed source', () => {
  it('is given nothing while it wants nothing', async () => {
    const buffer = { ...DEFAULT_BUFFER, max_buffer_size: 60 };
    const { clock, server, element, player, queue } = stage([40], { buffer });
    player.load(queue, 0, { play: true });
    await clock.advance(400);
    element.source.dispatchEvent(new Event('endstreaming'));
    await clock.advance(200);
    const asked = server.paths('.m4s').length;
    await clock.advance(5_000);
    expect(server.paths('.m4s').length).toBe(asked);
    element.source.dispatchEvent(new Event('startstreaming'));
    await clock.advance(1_000);
    expect(server.paths('.m4s').length).toBeGreaterThan(asked);
    expect(player.state.stalls.count).toBe(0);
  });

  it('may take media away: it is fetched again before it is heard', async () => {
    const { clock, server, core, element, player, queue } = stage([5]);
    player.load(queue, 0, { play: true });
    await clock.advance(2_000);
    const source = element.source.buffer!;
    source.pieces = source.pieces.filter(({ index }) => index !== 3);
    source.dispatchEvent(new Event('bufferedchange'));
    await clock.advance(18_000);
    expect(core.of('segment_evicted')).toMatchObject([{ segment: { index: 3 } }]);
    expect(server.paths('/3.m4s')).toHaveLength(2);
    expect(player.state).toMatchObject({ status: 'ended', stalls: { count: 0 } });
  });
});
