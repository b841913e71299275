// How far the sound could go without another byte. Pure.

import type { BufferedRange } from '@quicksync/player';

/** Seconds of media ahead of `position` without a gap. */
export function aheadOf(ranges: readonly BufferedRange[], position: number): number {
  const SEAM = 0.05;
  let end = position;
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    if (range.start <= end + SEAM && range.end > end) end = range.end;
  }
  return end - position;
}
