import type { Quality, Witness } from '@quicksync/player';
import { expect, test } from 'vitest';

import { rateOf, sumsOf, transfersCsv } from './figures.ts';
import { History } from './history.ts';
import { bufferColumns, throughputColumns } from './series.ts';

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

test('columns begin where the window does', () => {
  const history = told([0, asks('fetch', 0)], [1, has(0, 1_000)], [5, asks('fetch', 1, 'high')]);
  expect(throughputColumns(history, 0)).toEqual([
    [0, 1, 5],
    [null, 8, null],
    [64, 64, 256],
  ]);
  expect(throughputColumns(history, 3)).toEqual([[5], [null], [256]]);
  history.level(3.8, 1);
  history.level(3.7, 1.1);
  history.level(7, 6);
  expect(bufferColumns(history, 0)).toEqual([
    [1, 6],
    [3.8, 7],
  ]);
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
  expect(header?.split(',')).toHaveLength(10);
  expect(row).toBe('0.000,0.500,1.000,1,0,low,fetch,kept,1000,false');
  expect(rest).toBe('');
});
