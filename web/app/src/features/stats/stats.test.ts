import type { Quality, Witness } from '@quicksync/player';
import { expect, test } from 'vitest';

import { decisionsCsv, rateOf, sumsOf, transfersCsv } from './figures.ts';
import { History } from './history.ts';
import { bufferColumns, KBPS_STEPS, throughputColumns } from './series.ts';
import { turnsOf } from './turns.ts';

type Event = Parameters<Witness>[0];

/** A story in steps: seconds, then what is told or answered. */
function told(...steps: [at: number, what: object][]): History {
  const history = new History();
  for (const [at, what] of steps) history.see({ at: (5 + at) * 1e6, ...what } as Event);
  return history;
}
const segment = (index: number) => ({ segment: { track: 1, index } });
const asks = (type: string, index: number, quality: Quality = 'low') => ({
  output: { type, ...segment(index), quality, code: 'first', reason: 'Starting' },
});
const gets = (index: number, bytes: number) => ({
  input: { type: 'bytes_received', ...segment(index), quality: 'low', bytes },
});
const has = (index: number, bytes: number, cached = false) => ({
  input: { type: 'segment_completed', ...segment(index), quality: 'low', bytes, cached },
});
const hears = (type: string) => ({ input: { type } });
const plays = { output: { type: 'play', code: 'ready', reason: 'Playing' } };

test('a transfer is followed from the request to the last byte', () => {
  const history = told([0, asks('fetch', 0)], [0.5, gets(0, 1_000)], [1.5, has(0, 31_000)]);
  expect(history.transfers).toEqual([
    {
      track: 1,
      index: 0,
      quality: 'low',
      purpose: 'fetch',
      asked: 0,
      firstByte: 0.5,
      ended: 1.5,
      bytes: 31_000,
      cached: false,
      outcome: 'kept',
      late: false,
    },
  ]);
  expect(rateOf(history.transfers[0]!)).toBeCloseTo(248);
});

test.each([
  ['kept', [has(0, 100)]],
  ['abandoned', [gets(0, 50), asks('abandon', 0)]],
  ['failed', [{ input: { type: 'segment_failed', ...segment(0), failure: 'transient' } }]],
  ['thrown', [has(0, 100), asks('replace', 0, 'high'), has(0, 400)]],
  ['kept', [has(0, 100), asks('replace', 0, 'high'), asks('abandon', 0)]],
])('the first transfer ends %s', (outcome, steps) => {
  const events = steps.map((step, i): [number, object] => [i + 1, step]);
  expect(told([0, asks('fetch', 0)], ...events).transfers[0]?.outcome).toBe(outcome);
});

test('sums count what crossed the network, what was wasted, and silence', () => {
  const history = told(
    [0, asks('fetch', 0)],
    [1, has(0, 100)],
    [1.2, plays],
    [2, asks('fetch', 1, 'high')],
    [3, gets(1, 40)],
    [3, asks('abandon', 1)],
    [4, hears('stall_started')],
    [5, asks('fetch', 1)],
    [6, has(1, 100, true)],
    [6.5, plays],
    [7, asks('fetch', 2, 'high')],
    [8, has(2, 400)],
    [9, hears('stall_started')],
    [10, asks('replace', 0, 'high')],
  );
  expect(sumsOf(history)).toEqual({
    bytes: 540,
    wasted: 40,
    late: 1,
    stalls: 2,
    stalledSeconds: 3.5,
    switches: 1,
    startup: 1.2,
  });
});

test('what comes from a cache says nothing of the network', () => {
  const history = told([0, asks('fetch', 0)], [0.01, has(0, 31_000, true)]);
  expect(rateOf(history.transfers[0]!)).toBeNull();
});

test('columns begin where the window does, and what holds goes on until now', () => {
  const history = told([0, asks('fetch', 0)], [1, has(0, 8_000)], [5, asks('fetch', 1, 'high')]);
  const [times, measured, , , , rung] = throughputColumns(history, 0);
  expect(times).toEqual([0, 1, 5, 5]);
  expect(measured).toEqual([null, 64, null, null]);
  expect(rung).toEqual([64, null, 256, 256]);
  expect(throughputColumns(history, 3)[0]).toEqual([5, 5]);
  history.level(3.8, 1);
  history.level(3.7, 1.1);
  history.level(7, 6);
  expect(bufferColumns(history, 0)).toEqual([
    [1, 6],
    [3.8, 7],
  ]);
});

test('the estimate is drawn as a band, and kept only where it changes', () => {
  const history = told([0, asks('fetch', 0)]);
  const expect_ = (expectedKbps: number) =>
    history.expect({ lowKbps: 100, expectedKbps, highKbps: 9e9 } as never);
  expect_(300);
  history.see({ at: 7e6, ...gets(0, 10) } as Event);
  expect_(300);
  history.see({ at: 8e6, ...gets(0, 20) } as Event);
  expect_(200);
  history.expect(null);
  expect(history.estimates.map(({ at }) => at)).toEqual([0, 3]);
  const [, , low, expected, high] = throughputColumns(history, 0);
  expect(low?.filter((value) => value !== null)).toEqual([100, 100, 100]);
  expect(expected?.filter((value) => value !== null)).toEqual([300, 200, 200]);
  // What lies beyond the axis is drawn at its end.
  expect(high?.at(-1)).toBe(KBPS_STEPS.at(-1));
});

test('a segment is late if the sound had to wait for it', () => {
  const underWay = told([0, asks('fetch', 1)], [0, asks('fetch', 0)], [4, hears('stall_started')]);
  expect(underWay.transfers.map(({ index, late }) => [index, late])).toEqual([
    [1, false],
    [0, true],
  ]);
  const notYet = told([0, hears('stall_started')], [1, asks('fetch', 4)], [2, asks('fetch', 5)]);
  expect(notYet.transfers.map(({ late }) => late)).toEqual([true, false]);
  const over = told([0, hears('stall_started')], [1, plays], [2, asks('fetch', 5)]);
  expect(over.transfers.map(({ late }) => late)).toEqual([false]);
});

test('turns are changes of the rung asked for, or new causes of the same', () => {
  const because = (type: string, index: number, quality: Quality, code: string) => ({
    output: { type, ...segment(index), quality, code, reason: code },
  });
  const history = told(
    [0, because('fetch', 0, 'low', 'first')],
    [1, because('fetch', 1, 'low', 'first')],
    [2, because('replace', 0, 'high', 'better')],
    [3, because('fetch', 2, 'low', 'host')],
    [9, because('prefetch', 0, 'high', 'room')],
  );
  const seen = turnsOf(history.decisions, 0).map(({ at, until, quality }) => [at, until, quality]);
  expect(seen).toEqual([
    [0, 3, 'low'],
    [3, 9, 'low'],
    [9, null, 'high'],
  ]);
  expect(turnsOf(history.decisions, 5).map(({ at }) => at)).toEqual([3, 9]);
});

test('an hour of events keeps a bounded history', () => {
  const history = new History();
  for (let i = 0; i < 5_000; i += 1) {
    history.see({ at: i * 1e6, ...asks('fetch', i) } as Event);
    history.level(i, i);
  }
  const sizes = [history.transfers, history.decisions, history.levels].map((list) => list.length);
  expect(sizes).toEqual([1_000, 1_000, 3_600]);
  expect(history.transfers[0]?.index).toBe(4_000);
});

test('transfers export as a table', () => {
  const history = told([0, asks('fetch', 0)], [0.5, gets(0, 10)], [1, has(0, 1_000)]);
  const [header, row, rest] = transfersCsv(history.transfers).split('\r\n');
  expect(header?.split(',')).toHaveLength(11);
  expect(row).toBe('0.000,0.500,1.000,1,0,low,fetch,kept,1000,false,false');
  expect(rest).toBe('');
});

test('decisions export as a table in which a sentence stays one field', () => {
  const history = told([
    0,
    { output: { ...asks('fetch', 3).output, reason: 'Limited: "busy", CPU 99 %' } },
  ]);
  const [header, row] = decisionsCsv(history.decisions).split('\r\n');
  expect(header).toBe('at_s,deed,track,segment,quality,code,reason');
  expect(row).toBe('0.000,fetch,1,3,low,first,"Limited: ""busy"", CPU 99 %"');
});
