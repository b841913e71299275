// The history as columns of numbers, as charts want them. Pure.

import type { Quality } from '@quicksync/player';

import type { Columns } from '../../charts/Chart.tsx';
import { rateOf } from './figures.ts';
import type { History } from './history.ts';

export const NOMINAL_KBPS: Readonly<Record<Quality, number>> = {
  low: 64,
  medium: 128,
  high: 256,
  ultra: 320,
};

/** Kilobits per second that get a line: each is twice the one below. */
export const KBPS_STEPS = [32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384] as const;

/** What lies outside the axis is drawn at its end. */
const onAxis = (kbps: number): number =>
  Math.min(Math.max(kbps, KBPS_STEPS[0]), KBPS_STEPS[KBPS_STEPS.length - 1] ?? kbps);

type Row = readonly [at: number, ...values: (number | null)[]];

/** Time; rate of each transfer; low, expected, high of the estimate; rate of the rung asked for. */
export function throughputColumns(history: History, since: number): Columns {
  const { transfers, estimates, now } = history;
  const measured = transfers.flatMap((one): Row[] => {
    const rate = rateOf(one);
    if (one.ended === null || one.ended < since || rate === null) return [];
    return [[one.ended, onAxis(rate), null, null, null, null]];
  });
  const asked = transfers
    .filter((one) => one.asked >= since)
    .map((one): Row => [one.asked, null, null, null, null, NOMINAL_KBPS[one.quality]]);
  const expected = estimates
    .filter(({ at }) => at >= since)
    .map((one): Row => [
      one.at,
      null,
      onAxis(one.low),
      onAxis(one.expected),
      onAxis(one.high),
      null,
    ]);
  // What holds goes on until now.
  const last = expected.at(-1);
  const edges = [2, 3, 4].map((place) => last?.[place] ?? null);
  const held: Row = [now, null, ...edges, asked.at(-1)?.[5] ?? null];
  const rows = [...measured, ...asked, ...expected].toSorted((a, b) => a[0] - b[0]);
  if (rows.length > 0) rows.push(held);
  const column = (place: number) => rows.map((row) => row[place] ?? null);
  return [rows.map(([at]) => at), column(1), column(2), column(3), column(4), column(5)];
}

/** Time and media ahead, seconds. */
export function bufferColumns({ levels }: History, since: number): Columns {
  const shown = levels.filter(({ at }) => at >= since);
  return [shown.map(({ at }) => at), shown.map(({ ahead }) => ahead)];
}
