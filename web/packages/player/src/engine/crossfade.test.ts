import { describe, expect, it, test } from 'vitest';

import { DEFAULT_BUFFER, type Crossfade } from '../preferences.ts';
import { FakeClock } from '../testing/fakeClock.ts';
import { FakeElement, factoryOf, portOf } from '../testing/fakeMedia.ts';
import { stage } from '../testing/stage.ts';
import { seconds } from '../units.ts';
import { fadeBetween, usable } from './crossfade.ts';

const SIX: Crossfade = { seconds: 6, albums: false };
const at = (duration: number, album?: string, number?: number) => ({
  track: { id: 'x', title: 'x', ...(album && { album }), ...(number && { number }) },
  duration: seconds(duration),
});

test.each([
  ['two tracks', SIX, at(200), at(200), 6],
  ['a short one', SIX, at(200), at(10), 2.5],
  ['none wanted', { seconds: 0, albums: true }, at(200), at(200), 0],
  ['an album in its order', SIX, at(200, 'A', 3), at(200, 'A', 4), 0],
  ['an album without numbers', SIX, at(200, 'A'), at(200, 'A'), 0],
  ['its next disc', SIX, at(200, 'A', 12), at(200, 'A', 1), 0],
  ['an album in another order', SIX, at(200, 'A', 4), at(200, 'A', 2), 6],
  ['albums too', { seconds: 6, albums: true }, at(200, 'A', 3), at(200, 'A', 4), 6],
  ['two albums', SIX, at(200, 'A', 3), at(200, 'B', 4), 6],
])('fades: %s', (_, crossfade, from, to, length) => {
  expect(fadeBetween(crossfade, from, to)).toBe(length);
});

test.each([
  [99, 12],
  [-1, 0],
  [NaN, 0],
  [4, 4],
])('%s seconds asked are %s', (asked, given) => {
  expect(usable({ seconds: asked, albums: false }).seconds).toBe(given);
});

/** A player with two elements, and a fader that writes down what it is asked for. */
async function fading(segments: readonly number[], length: number) {
  const clock = new FakeClock();
  const [first, second] = [new FakeElement(clock), new FakeElement(clock)];
  const asked: string[] = [];
  const name = (element: unknown) => (element === first ? 'first' : 'second');
  const fader = {
    resume: () => undefined,
    silence: (element: unknown) => void asked.push(`silence ${name(element)}`),
    fade: (out: unknown, into: unknown, s: number) =>
      void asked.push(`${name(out)} to ${name(into)} ${s.toFixed(1)}`),
    settle: (element: unknown) => void asked.push(`settle ${name(element)}`),
    close: () => undefined,
  };
  const set = stage(
    segments,
    {
      buffer: { ...DEFAULT_BUFFER, max_buffer_size: 20 },
      element: portOf(first),
      mediaSourceFactory: factoryOf(first, second),
      fading: { element: portOf(second), fader },
    },
    clock,
  );
  set.player.setCrossfade({ seconds: length, albums: false });
  set.player.load(set.queue, 0, { play: true });
  await clock.advance(1_000);
  return { ...set, first, second, asked };
}

describe('a crossfade', () => {
  it('lets both tracks sound, the first to its very end', async () => {
    const { clock, player, first, second, asked } = await fading([6, 6], 4);
    expect(player.state.crossfade).toEqual({ seconds: 4, albums: false });
    await clock.advance(18_000);
    expect(player.state.track?.id).toBe('a');
    await clock.advance(2_500);
    expect(player.state).toMatchObject({ status: 'playing', track: { id: 'b' }, index: 1 });
    expect([first.paused, second.paused]).toEqual([false, false]);
    expect(asked).toEqual(['silence second', 'first to second 4.0']);
    await clock.advance(4_000);
    expect([first.paused, second.paused]).toEqual([true, false]);
    expect(asked.at(-1)).toBe('settle second');
    expect(first.heard.at(-1)?.index).toBe(5);
    expect(first.currentTime).toBeCloseTo(6 * 3.84, 0);
    expect(player.state.stalls.count).toBe(0);
    await clock.advance(20_000);
    expect(player.state.status).toBe('ended');
    expect(second.heardNames).toHaveLength(6);
  });

  it('goes back to the first element for the third track', async () => {
    const { clock, player, first, asked } = await fading([6, 6, 6], 4);
    await clock.advance(46_000);
    expect(player.state.track?.id).toBe('c');
    expect(asked).toContain('second to first 4.0');
    expect(first.heardNames.at(-1)).toMatch(/^c/);
  });

  it.each([
    ['a pause', 'pause', 'b'],
    ['a seek', 'seek', 'b'],
    ['another choice', 'next', 'c'],
  ] as const)('ends at once with %s', async (_, what, id) => {
    const { clock, player, first } = await fading([6, 6, 6], 4);
    await clock.advance(20_000);
    expect(first.paused).toBe(false);
    if (what === 'seek') player.seek(1);
    else player[what]();
    await clock.advance(20);
    expect(player.state.track?.id).toBe(id);
    await clock.advance(500);
    expect(player.state.status).toBe(what === 'pause' ? 'paused' : 'playing');
    player.play();
    await clock.advance(1_000);
    expect(player.state).toMatchObject({ status: 'playing', track: { id } });
  });

  it('skips into the track that waits on the other element', async () => {
    const { clock, player, second, server } = await fading([6, 6], 4);
    await clock.advance(12_000);
    player.next();
    await clock.advance(500);
    expect(player.state).toMatchObject({ status: 'playing', track: { id: 'b' } });
    expect(second.heardNames[0]).toBe('b0 medium');
    expect(server.paths('/b/medium/0.m4s')).toHaveLength(1);
  });

  it('is a plain start where the next track comes late', async () => {
    const { clock, player, server } = await fading([6, 6], 4);
    await clock.advance(6_000);
    server.down = true;
    await clock.advance(20_000);
    server.down = false;
    await clock.advance(12_000);
    expect(player.state).toMatchObject({ status: 'playing', track: { id: 'b' } });
  });

  it('is none between tracks joined to the sample, on one element', async () => {
    const { clock, player, first, second, asked, queue } = await fading([3, 3], 0);
    player.setCrossfade({ seconds: 4, albums: false });
    player.load(
      queue.map((track) => ({ ...track, album: 'One' })),
      0,
      { play: true },
    );
    await clock.advance(20_000);
    expect(player.state.track?.id).toBe('b');
    expect(new Set(first.heard.map(({ track }) => track))).toEqual(new Set(['a', 'b']));
    expect([second.heard, asked]).toEqual([[], []]);
  });

  it('is not shown where the browser cannot mix', async () => {
    const { clock, player } = stage([2]);
    player.setCrossfade(SIX);
    await clock.advance(100);
    expect(player.state.crossfade.seconds).toBe(0);
  });
});
