// Measurements of this device's network on a chart: time to the right, speed upwards. Pure.

import type { Sample } from '../../../api/wire.ts';

/** Speeds that get a line, megabits per second. Doubling is a step: networks differ by factors. */
const LINES = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 25, 50, 100, 250, 500, 1000] as const;

export interface Dot {
  /** 0 to 1, from the left and from the bottom. */
  readonly x: number;
  readonly y: number;
  readonly source: string;
}

export interface Plot {
  readonly dots: readonly Dot[];
  readonly lines: readonly { readonly y: number; readonly mbps: number }[];
  /** Unix seconds at the two ends. */
  readonly from: number;
  readonly to: number;
}

/** Null of nothing. */
export function plotOf(samples: readonly Sample[]): Plot | null {
  const usable = samples.filter(({ speed_mbps }) => speed_mbps > 0);
  if (usable.length === 0) return null;
  const times = usable.map(({ measured_at }) => measured_at);
  const speeds = usable.map(({ speed_mbps }) => speed_mbps);
  const [from, to] = [Math.min(...times), Math.max(...times)];
  const [least, most] = [
    Math.log2(Math.min(...speeds)) - 0.5,
    Math.log2(Math.max(...speeds)) + 0.5,
  ];
  const up = (mbps: number) => (Math.log2(mbps) - least) / (most - least);
  return {
    dots: usable.map(({ measured_at, speed_mbps, source }) => ({
      x: to > from ? (measured_at - from) / (to - from) : 0.5,
      y: up(speed_mbps),
      source,
    })),
    lines: LINES.map((mbps) => ({ mbps, y: up(mbps) })).filter(({ y }) => y >= 0 && y <= 1),
    from,
    to,
  };
}
