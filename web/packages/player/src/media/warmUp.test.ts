import { expect, test } from 'vitest';
import { withWarmUp } from './warmUp.ts';

const u32 = (...values: readonly number[]): number[] =>
  values.flatMap((value) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff));
const box = (type: string, body: readonly number[]): number[] => [
  ...u32(body.length + 8),
  ...[...type].map((letter) => letter.charCodeAt(0)),
  ...body,
];
const segment = (tfdt: readonly number[]) =>
  new Uint8Array([
    ...box('styp', u32(1)),
    ...box('moof', [...box('mfhd', u32(0, 1)), ...box('traf', box('tfdt', tfdt))]),
    ...box('mdat', [1, 2, 3]),
  ]);

const WARM = new Uint8Array([9, 8, 7]);

test.each([
  ['wide', segment(u32(0x0100_0000, 0, 5)), segment(u32(0x0100_0000, 0, 965))],
  ['narrow', segment(u32(0, 5)), segment(u32(0, 965))],
  ['carried', segment(u32(0x0100_0000, 0, 0xffff_ffff)), segment(u32(0x0100_0000, 1, 959))],
  ['broken off', segment(u32(0x0100_0000)), segment(u32(0x0100_0000))],
  ['no segment', new Uint8Array([1, 2]), new Uint8Array([1, 2])],
])('the segment follows one packet later: %s', (_, before, after) => {
  expect([...withWarmUp(WARM, before)]).toEqual([...WARM, ...after]);
});
