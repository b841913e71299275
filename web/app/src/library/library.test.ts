import { expect, test } from 'vitest';

import { stepOf } from './rovingKeys.ts';
import { columnsOf } from './useColumns.ts';

test.each([
  { key: 'ArrowDown', at: 3, to: 4 },
  { key: 'ArrowUp', at: 0, to: 0 },
  { key: 'PageDown', at: 3, to: 15 },
  { key: 'PageUp', at: 3, to: 0 },
  { key: 'Home', at: 50, to: 0 },
  { key: 'End', at: 3, to: 99 },
  { key: 'ArrowRight', at: 3, to: null },
  { key: 'ArrowDown', at: 3, columns: 5, to: 8 },
  { key: 'ArrowRight', at: 3, columns: 5, to: 4 },
  { key: 'ArrowDown', at: 97, columns: 5, to: 99 },
  { key: 'Enter', at: 3, to: null },
  { key: 'Home', at: 3, ctrlKey: true, to: null },
])('$key in row $at leads to $to', ({ at, columns = 1, to, ...press }) => {
  expect(stepOf(press, { at, count: 100, page: 12, columns })).toBe(to);
});

test.each([
  [20, 2],
  [22, 2],
  [60, 4],
  [80, 6],
  [5, 1],
])('in %d rem of width %d tiles stand side by side and fill it', (widthRem, tiles) => {
  const { columns, tileRem, gapRem } = columnsOf(widthRem);
  expect(columns).toBe(tiles);
  expect(columns * tileRem + (columns - 1) * gapRem).toBeCloseTo(widthRem);
});
