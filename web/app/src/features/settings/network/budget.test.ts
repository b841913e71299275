import { expect, test } from 'vitest';

import type { Usage } from '../../../api/wire.ts';
import { lowersAt, monthBegan, standingOf } from './budget.ts';

const at = (text: string) => Date.parse(text) / 1e3;

test.each([
  ['2026-11-29T10:00Z', 1, '2026-11-01T00:00Z'],
  ['2026-11-29T10:00Z', 28, '2026-11-28T00:00Z'],
  ['2026-11-14T23:59Z', 15, '2026-10-15T00:00Z'],
  ['2026-01-02T00:00Z', 15, '2025-12-15T00:00Z'],
  ['2026-11-15T00:00Z', 15, '2026-11-15T00:00Z'],
])('on %s a month that begins on day %d began on %s', (now, day, began) => {
  expect(monthBegan(day, at(now))).toBe(at(began));
});

const row = (change: Partial<Usage>): Usage => ({
  device_id: 'd',
  day_at: at('2026-11-20T00:00Z'),
  network_kind: 'wifi',
  is_metered: false,
  bytes: 100,
  audio_s: 1,
  ...change,
});
const usage = [
  row({}),
  row({ network_kind: 'cellular', bytes: 30 }),
  row({ network_kind: 'cellular', bytes: 20 }),
  row({ is_metered: true, bytes: 7 }),
  row({ device_id: 'other', network_kind: 'cellular', bytes: 900 }),
  row({ day_at: at('2026-10-31T00:00Z'), network_kind: 'cellular', bytes: 900 }),
];
const rule = { monthly_bytes: 1000, starts_on_day: 1 };
const now = at('2026-11-29T10:00Z');

test('only what costs money counts, of this device and this month', () => {
  expect(standingOf({ ...rule, counts: 'metered' }, usage, 'd', now)).toEqual({
    usedBytes: 57,
    leftBytes: 943,
    byKind: [
      ['cellular', 50],
      ['wifi', 7],
    ],
  });
});

test('or everything, and never less than nothing is left', () => {
  const all = standingOf({ ...rule, counts: 'all', monthly_bytes: 150 }, usage, 'd', now);
  expect([all.usedBytes, all.leftBytes]).toEqual([157, 0]);
});

test('quality begins to fall where the rest affords no more than ultra', () => {
  const month = { left_bytes: 1_000_000, affordable_kbps: 640 } as never;
  expect(lowersAt(month)).toBe(500_000);
  expect(lowersAt({ left_bytes: 0, affordable_kbps: 0 } as never)).toBeNull();
});
