import { describe, expect, it } from 'vitest';

import { kbps, samples, seconds } from '../units.ts';
import { BufferMap } from './bufferMap.ts';
import { browserMediaSource, supportedType } from './mediaSource.ts';
import { TrackTimeline } from './timeline.ts';

const SEGMENT = samples(184_320);
const timeline = (total: number, offset = 0) =>
  new TrackTimeline(samples(offset), {
    samples: samples(total),
    segmentSamples: SEGMENT,
    segments: Math.ceil(total / SEGMENT),
  });
const LOW = { quality: 'low', bitrateKbps: kbps(64) } as const;
const HIGH = { quality: 'high', bitrateKbps: kbps(256) } as const;

describe('the timeline of a track', () => {
  it('ends with the exact sample, wherever the track begins', () => {
    const track = timeline(200_001, 7_815_419);
    expect(track.endOffset).toBe(8_015_420);
    expect(track.span.start).toBe(7_815_419 / 48_000);
    expect(track.segmentSpan(1)).toEqual({ start: 3.84, end: 200_001 / 48_000 });
  });

  it('finds the segment of a position, at its edges too', () => {
    const track = timeline(3 * SEGMENT);
    for (const [position, segment] of [
      [-1, 0],
      [0, 0],
      [3.8399, 0],
      [3.84, 1],
      [7.68, 2],
      [99, 2],
    ] as const) {
      expect(track.segmentAt(seconds(position)), String(position)).toBe(segment);
    }
    for (let n = 0; n < 1_000; n += 1) {
      const long = timeline(1_000 * SEGMENT);
      expect(long.segmentAt(long.segmentSpan(n).start)).toBe(n);
    }
  });
});

describe('what is known of the buffer', () => {
  it('joins neighbours of one quality and keeps the array while nothing changes', () => {
    const map = new BufferMap(timeline(10 * SEGMENT));
    for (const index of [1, 0, 5]) map.set(index, LOW);
    map.set(2, HIGH);
    expect(map.ranges).toEqual([
      { start: 0, end: 7.68, ...LOW },
      { start: 7.68, end: 11.52, ...HIGH },
      { start: 19.2, end: 23.04, ...LOW },
    ]);
    expect(map.ranges).toBe(map.ranges);
    expect(map.ahead(seconds(1))).toBeCloseTo(10.52);
    expect(map.ahead(seconds(12))).toBe(0);
    expect(map.at(seconds(8))).toEqual(HIGH);
  });

  it('forgets what the browser no longer holds whole', () => {
    const map = new BufferMap(timeline(10 * SEGMENT, 48_000));
    for (const index of [0, 1, 2, 3]) map.set(index, LOW);
    const held = [{ start: seconds(1 + 2), end: seconds(1 + 4 * 3.84 - 0.01) }];
    expect(map.reconcile(held)).toEqual([0]);
    expect(map.held.map(([index]) => index)).toEqual([1, 2, 3]);
    expect(map.reconcile(held)).toEqual([]);
  });
});

describe('finding a way to play', () => {
  it('tries every spelling of a codec', () => {
    for (const [codec, known, expected] of [
      ['opus', 'opus', 'audio/mp4; codecs="opus"'],
      ['Opus', 'opus', 'audio/mp4; codecs="opus"'],
      ['opus', 'Opus', 'audio/mp4; codecs="Opus"'],
      ['fLaC', 'flac', 'audio/mp4; codecs="flac"'],
      ['mp4a.40.2', 'mp4a.40.2', 'audio/mp4; codecs="mp4a.40.2"'],
      ['opus', 'vorbis', null],
    ] as const) {
      const plays = (type: string) => type.includes(`"${known}"`);
      expect(supportedType(codec, plays), `${codec} of ${known}`).toBe(expected);
    }
  });

  it('prefers a plain media source, and keeps a managed one on this device', () => {
    class Plain extends EventTarget {
      static readonly isTypeSupported = () => true;
    }
    class Managed extends Plain {}
    const url = { createObjectURL: () => 'blob:1', revokeObjectURL: () => undefined };
    const scope = (sources: object) => ({ URL: url, ...sources }) as never;
    for (const [sources, made, disabled] of [
      [{ MediaSource: Plain, ManagedMediaSource: Managed }, Plain, false],
      [{ ManagedMediaSource: Managed }, Managed, true],
    ] as const) {
      const factory = browserMediaSource(scope(sources));
      const source = factory?.create();
      expect(source).toBeInstanceOf(made);
      const element = { src: '', disableRemotePlayback: false };
      factory?.attach(element as never, source!);
      expect(element).toEqual({ src: 'blob:1', disableRemotePlayback: disabled });
    }
    expect(browserMediaSource(scope({}))).toBeNull();
  });
});
