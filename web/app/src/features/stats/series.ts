// The history as columns of numbers, as charts want them. Pure.

import type { Quality } from '@quicksync/player';

import { rateOf } from './figures.ts';
import type { History } from './history.ts';

/** A column of times and one of values for each line; gaps are null. */
export type Columns = [number[], ...(number | null)[][]];

export const NOMINAL_KBPS: Readonly<Record<Quality, number>> = {
  low: 64,
  medium: 128,
  high: 256,
  ultra: 320,
};

/** Time, measured throughput, rate of the rung asked for; kbps. */
export function throughputColumns({ transfers }: History, since: number): Columns {
  const rows = transfers
    .filter(({ asked, ended }) => (ended ?? asked) >= since)
    .flatMap((one) => {
      const rung = NOMINAL_KBPS[one.quality];
      const rate = rateOf(one);
      const began: [number, number | null, number] = [one.asked, null, rung];
      return one.ended === null ? [began] : [began, [one.ended, rate, rung] as typeof began];
    })
    .toSorted((a, b) => a[0] - b[0]);
  return [rows.map((row) => row[0]), rows.map((row) => row[1]), rows.map((row) => row[2])];
}

/** Time and media ahead, seconds. */
export function bufferColumns({ levels }: History, since: number): Columns {
  const shown = levels.filter(({ at }) => at >= since);
  return [shown.map(({ at }) => at), shown.map(({ ahead }) => ahead)];
}
