import type { BufferedRange } from '@quicksync/player';
import { expect, test } from 'vitest';

import { aheadOf } from '../../playback/buffered.ts';
import { terrainOf } from './terrain.ts';

const range = (start: number, end: number, quality = 'high') =>
  ({ start, end, quality, bitrateKbps: 256 }) as BufferedRange;

test.each([
  { name: 'a stretch in percent', ranges: [range(50, 100)], duration: 200, hills: [[25, 25]] },
  { name: 'past the end: cut', ranges: [range(190, 210)], duration: 200, hills: [[95, 5]] },
  { name: 'no duration yet: nothing', ranges: [range(0, 10)], duration: 0, hills: [] },
  { name: 'an empty stretch: nothing', ranges: [range(5, 5)], duration: 200, hills: [] },
])('terrain: $name', ({ ranges, duration, hills }) => {
  expect(terrainOf(ranges, duration).map(({ left, width }) => [left, width])).toEqual(hills);
});

test.each([
  {
    name: 'through touching stretches',
    ranges: [range(0, 10), range(10.02, 20)],
    at: 4,
    ahead: 16,
  },
  { name: 'in any order', ranges: [range(10, 20), range(0, 10)], at: 4, ahead: 16 },
  { name: 'up to a gap', ranges: [range(0, 10), range(12, 20)], at: 4, ahead: 6 },
  { name: 'nothing here', ranges: [range(12, 20)], at: 4, ahead: 0 },
])('ahead: $name', ({ ranges, at, ahead }) => {
  expect(aheadOf(ranges, at)).toBeCloseTo(ahead);
});
