import { describe, expect, it } from 'vitest';

import { ladderOf, nameRungs, type HostRung } from './rungs.ts';

const names = (rungs: readonly HostRung<string>[]) =>
  Object.fromEntries([...nameRungs(rungs)].map(([quality, { value }]) => [quality, value]));

describe('nameRungs', () => {
  it.each([
    [
      'by name, whatever the rate',
      [
        ['a', 90, 'low'],
        ['b', 70, 'medium'],
      ],
      { low: 'a', medium: 'b' },
    ],
    [
      'by rate',
      [
        ['a', 131],
        ['b', 64],
        ['c', 330],
        ['d', 250],
      ],
      { low: 'b', medium: 'a', high: 'd', ultra: 'c' },
    ],
    [
      'of two by the nearest preset',
      [
        ['a', 128],
        ['b', 320],
      ],
      { medium: 'a', ultra: 'b' },
    ],
    [
      'each quality once, lowest first',
      [
        ['a', 60],
        ['b', 66],
      ],
      { low: 'a', medium: 'b' },
    ],
    [
      'no more than four',
      [
        ['a', 32],
        ['b', 64],
        ['c', 128],
        ['d', 256],
        ['e', 320],
      ],
      { low: 'a', medium: 'b', high: 'c', ultra: 'd' },
    ],
    ['a strange name counts for nothing', [['a', 256, 'hifi']], { high: 'a' }],
  ] as const)('%s', (_, rungs, expected) => {
    const given = rungs.map(([value, kbps, name]) => ({ value, kbps, name: name ?? null }));
    expect(names(given)).toEqual(expected);
  });
});

it('weighs segments by rate and length', () => {
  const rungs = nameRungs([
    { value: 0, kbps: 64 },
    { value: 1, kbps: 128 },
  ]);
  expect(ladderOf(rungs, 4, 10.5)).toEqual({
    segmentUs: 4_000_000,
    durationUs: 10_500_000,
    segmentBytes: { low: 32_000, medium: 64_000 },
  });
});
