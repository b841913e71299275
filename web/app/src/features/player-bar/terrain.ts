// The seek bar as a terrain: each buffered stretch as high as its quality. Pure.

import type { BufferedRange, Quality } from '@quicksync/player';

export interface Hill {
  /** Percent of the track. */
  readonly left: number;
  readonly width: number;
  readonly quality: Quality;
}

const percent = (part: number, whole: number) => Math.min(100, Math.max(0, (part / whole) * 100));

export function terrainOf(ranges: readonly BufferedRange[], duration: number): readonly Hill[] {
  if (!(duration > 0)) return [];
  return ranges.flatMap(({ start, end, quality }) => {
    const left = percent(start, duration);
    const width = percent(end, duration) - left;
    return width > 0 ? [{ left, width, quality }] : [];
  });
}
