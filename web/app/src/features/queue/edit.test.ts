import { expect, test } from 'vitest';

import { moved, shuffled, without } from './edit.ts';

const queue = ['a', 'b', 'c', 'd'].map((id) => ({ id, title: id }));
const ids = (result: { queue: readonly { id: string }[] }) =>
  result.queue.map(({ id }) => id).join('');

test.each([
  { at: 0, index: 1, leaves: 'bcd', plays: 0 },
  { at: 3, index: 1, leaves: 'abc', plays: 1 },
])('without $at while $index plays', ({ at, index, leaves, plays }) => {
  const result = without({ queue, index }, at);
  expect([ids(result), result.index]).toEqual([leaves, plays]);
});

test.each([
  { at: 2, by: 1, index: 0, becomes: 'abdc' },
  { at: 2, by: -1, index: 0, becomes: 'acbd' },
  { at: 1, by: -1, index: 0, becomes: 'abcd' },
  { at: 3, by: 1, index: 0, becomes: 'abcd' },
] as const)('moved $at by $by while $index plays', ({ at, by, index, becomes }) => {
  expect(ids(moved({ queue, index }, at, by))).toBe(becomes);
});

test('shuffling draws an order for the tracks behind the playing one, and for no other', () => {
  const draws = [0, 0.99];
  const drawn = shuffled({ queue, index: 0 }, () => draws.shift() ?? 0);
  expect([ids(drawn), drawn.index]).toEqual(['adcb', 0]);
  expect(ids(shuffled({ queue, index: 2 }, () => 0))).toBe('abcd');
});
