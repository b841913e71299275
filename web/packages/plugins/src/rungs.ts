// Names the rungs of somebody else's ladder as the core names them, and weighs their segments.

import { QUALITIES, type Quality, type SegmentLadder } from '@quicksync/player';
import { bytes, secondsToMicros, seconds } from '@quicksync/player/core';

/** The presets of the documented interface. */
export const PRESET_KBPS: Readonly<Record<Quality, number>> = {
  low: 64,
  medium: 128,
  high: 256,
  ultra: 320,
};

/** One rung as a player describes it; `value` is whatever the player knows it by. */
export interface HostRung<Value> {
  readonly value: Value;
  readonly kbps: number;
  /** What the playlist calls it; a quality's name counts before the rate. */
  readonly name?: string | null | undefined;
}

export type Rungs<Value> = ReadonlyMap<Quality, HostRung<Value>>;

/** At most one rung for each quality: by its name, or else the nearest preset that is still free. */
export function nameRungs<Value>(rungs: readonly HostRung<Value>[]): Rungs<Value> {
  const named = new Map<Quality, HostRung<Value>>();
  const nameless = rungs.filter((rung) => {
    const quality = QUALITIES.find((known) => known === rung.name);
    if (quality && !named.has(quality)) named.set(quality, rung);
    return quality === undefined;
  });
  for (const rung of nameless.toSorted((a, b) => a.kbps - b.kbps)) {
    const quality = nearest(rung.kbps, (one) => !named.has(one));
    if (quality) named.set(quality, rung);
  }
  return named;
}

function nearest(kbps: number, isFree: (quality: Quality) => boolean): Quality | undefined {
  const away = (quality: Quality) => Math.abs(Math.log(kbps / PRESET_KBPS[quality]));
  return QUALITIES.filter(isFree).sort((a, b) => away(a) - away(b))[0];
}

/** The ladder as the core counts. */
export function ladderOf<Value>(
  rungs: Rungs<Value>,
  segment_s: number,
  duration_s: number,
): SegmentLadder {
  const size = ({ kbps }: HostRung<Value>) =>
    bytes(Math.max(1, Math.round((kbps * 1e3 * segment_s) / 8)));
  return {
    segmentUs: secondsToMicros(seconds(segment_s)),
    durationUs: secondsToMicros(seconds(duration_s)),
    segmentBytes: Object.fromEntries([...rungs].map(([quality, rung]) => [quality, size(rung)])),
  };
}
