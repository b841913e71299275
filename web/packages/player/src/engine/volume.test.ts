import { describe, expect, it, test } from 'vitest';

import type { Loudness } from '../net/manifest.ts';
import type { Leveling } from '../preferences.ts';
import { FakeClock } from '../testing/fakeClock.ts';
import { FakeElement, portOf } from '../testing/fakeMedia.ts';
import { millis, seconds } from '../units.ts';
import { gainOf, Volume } from './volume.ts';

const loud = (trackLufs: number, albumLufs: number | null = null): Loudness => ({
  trackLufs,
  albumLufs,
});

test.each<[string, Loudness | null, Leveling, number]>([
  ['nothing measured', null, 'track', 1],
  ['not wanted', loud(-8), 'off', 1],
  ['10 dB too loud', loud(-8), 'track', 0.316],
  ['too soft: left alone', loud(-25), 'track', 1],
  ['the album rather than the track', loud(-8, -12), 'album', 0.501],
  ['an album not measured yet: the track', loud(-8), 'album', 0.316],
])('%s', (_name, loudness, leveling, gain) => {
  expect(gainOf(loudness, leveling)).toBeCloseTo(gain, 3);
});

describe('the volume', () => {
  const at = (position: number, lufs: number) => ({
    manifest: { loudness: loud(lufs) },
    position: seconds(position),
  });

  it('is what the listener set, made softer by what is heard', () => {
    const element = portOf(new FakeElement(new FakeClock()));
    const volume = new Volume(element, new FakeClock(), () => undefined);
    volume.level('track');
    volume.suit(at(1, -24), null);
    volume.set(2);
    expect([volume.shown.volume, element.volume]).toEqual([1, 1]);
    volume.suit(at(1, 2), null);
    expect(volume.shown.volume).toBe(1);
    expect(element.volume).toBeCloseTo(0.1);
    volume.level('off');
    expect(element.volume).toBe(1);
  });

  it('changes with the track, at the moment of the join', async () => {
    const clock = new FakeClock();
    const element = portOf(new FakeElement(clock));
    const volume = new Volume(element, clock, () => undefined);
    volume.level('track');
    volume.suit(at(200, -18), at(-2, 2));
    await clock.advance(millis(3_000));
    expect(element.volume).toBe(1);
    volume.suit(at(202.5, -18), at(-0.5, 2));
    await clock.advance(millis(450));
    expect(element.volume).toBe(1);
    await clock.advance(millis(100));
    expect(element.volume).toBeCloseTo(0.1);
  });
});
