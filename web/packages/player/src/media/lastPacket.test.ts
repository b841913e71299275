import { expect, test } from 'vitest';
import { restoreLastPacket } from './lastPacket.ts';

const u32 = (...values: readonly number[]): number[] =>
  values.flatMap((value) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff));
const box = (type: string, body: readonly number[]): number[] => [
  ...u32(body.length + 8),
  ...[...type].map((letter) => letter.charCodeAt(0)),
  ...body,
];

const segment = (tfhd: readonly number[], trun: readonly number[]) =>
  new Uint8Array([
    ...box('styp', u32(1, 2)),
    ...box('moof', [
      ...box('mfhd', u32(0, 1)),
      ...box('traf', [...box('tfhd', tfhd), ...box('tfdt', u32(0, 0)), ...box('trun', trun)]),
    ]),
    ...box('mdat', [1, 2, 3]),
  ]);

const WHOLE = u32(0x02_0038, 1, 960, 160, 0);

test.each([
  ['durations alone', u32(0x101, 3, 99, 960, 960, 501), u32(0x101, 3, 99, 960, 960, 960)],
  ['one packet', u32(0x101, 1, 99, 7), u32(0x101, 1, 99, 960)],
  [
    'sizes beside them',
    u32(0x305, 2, 99, 5, 960, 10, 501, 11),
    u32(0x305, 2, 99, 5, 960, 10, 960, 11),
  ],
  ['none listed', u32(0x1, 3, 99), u32(0x1, 3, 99)],
  ['no packet', u32(0x101, 0, 99), u32(0x101, 0, 99)],
  ['a list that breaks off', u32(0x101, 3, 99, 960, 960), u32(0x101, 3, 99, 960, 960)],
])('the last packet is whole again: %s', (_, before, after) => {
  const bytes = segment(WHOLE, before);
  restoreLastPacket(bytes);
  expect([...bytes]).toEqual([...segment(WHOLE, after)]);
});

test.each([
  ['no default duration', segment(u32(0x02_0030, 1, 160, 0), u32(0x101, 1, 99, 7))],
  ['nothing', new Uint8Array()],
  ['no boxes', new Uint8Array([0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9])],
  ['half a segment', segment(WHOLE, u32(0x101, 1, 99, 7)).slice(0, 70)],
])('what states no whole duration stays: %s', (_, bytes) => {
  const before = [...bytes];
  restoreLastPacket(bytes);
  expect([...bytes]).toEqual(before);
});
