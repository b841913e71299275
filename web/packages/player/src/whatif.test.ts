/// <reference types="node" />
// The simulator as the browser runs it comes to the figures of the native one, which wrote them to
// `testdata/whatif`. `cargo xtask test` builds it first and sets the variable.
import { existsSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { loadWhatIf, whatIf, type MeasuredTransfer, type WhatIfRequest } from './whatif.ts';

const WASM = new URL('./wasm/quicksync_whatif.wasm', import.meta.url);
const FOLDER = new URL('../../../../testdata/whatif/', import.meta.url);
const isBuilt = existsSync(WASM) || process.env['QUICKSYNC_BUILT'] === '1';

const read = (name: string): string[][] => {
  const text = readFileSync(new URL(name, FOLDER), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
};

const TRANSFERS: readonly MeasuredTransfer[] = read('session.csv').map((row) => {
  const [startMs = 0, firstByteMs = 0, endMs = 0, bytes = 0] = row.map(Number);
  return { startMs, firstByteMs: Number.isNaN(firstByteMs) ? null : firstByteMs, endMs, bytes };
});
const FIGURES = read('figures.csv');
const REQUEST: WhatIfRequest = {
  transfers: TRANSFERS,
  segmentMs: 3840,
  segments: 40,
  capMs: 30_000,
};
const load = () => loadWhatIf(readFileSync(WASM));

describe.skipIf(!isBuilt)('the what-if', () => {
  it.each([30_000, null])('comes to the native figures with a cap of %s ms', async (capMs) => {
    const result = whatIf(await load(), { ...REQUEST, capMs, optimum: true });
    const own = FIGURES.filter(([cap]) => Number(cap) === (capMs ?? -1));
    const written = own.filter(([, name]) => name !== 'optimum');
    expect(result.policies.map(({ name }) => name)).toEqual(written.map(([, name]) => name));
    for (const [n, row] of written.entries()) {
      const { qoe, meanKbps, stalls, stalledS, startupS, wastedShare } = result.policies[n]!;
      const figures = [qoe, meanKbps, stalls, stalledS, startupS, wastedShare];
      // Ours to the last bit: it uses no function that platforms compute differently.
      if (result.policies[n]!.group !== 'peer') expect(figures).toEqual(row.slice(2).map(Number));
      else
        for (const [i, figure] of figures.entries())
          expect(figure).toBeCloseTo(Number(row[i + 2]), 6);
    }
    const [, , atLeast, atMost] = own.find(([, name]) => name === 'optimum')!.map(Number);
    expect(result.optimum?.atLeast).toBeCloseTo(atLeast!, 6);
    expect(result.optimum?.atMost).toBeCloseTo(atMost!, 6);
    for (const { qoe } of result.policies) expect(qoe).toBeLessThanOrEqual(result.optimum!.atMost);
    expect(result.measuredShare).toBeGreaterThan(0.3);
    expect(result.measuredShare).toBeLessThan(1);
  });

  it('says what is wrong with a request, and goes on with the next', async () => {
    const wasm = await load();
    const one = { startMs: 0, firstByteMs: 50, endMs: 1_000, bytes: 30_720 };
    for (const [change, message] of [
      [{ transfers: [] }, 'no byte was received'],
      [{ transfers: [{ ...one, bytes: 0 }] }, 'no byte was received'],
      [{ transfers: [{ ...one, endMs: 20 }] }, 'ends before it begins'],
      [{ transfers: [{ ...one, startMs: Number.NaN }] }, 'is none'],
      [{ transfers: [one, { ...one, endMs: 1e9 }] }, 'more than a day'],
      [{ capMs: 100 }, 'no player could play'],
      [{ segments: 0 }, 'no player could play'],
      [{ transfers: Array.from({ length: 40_000 }, () => one) }, 'too many'],
    ] as const) {
      expect(() => whatIf(wasm, { ...REQUEST, ...change })).toThrow(message);
    }
    expect(whatIf(wasm, REQUEST).policies.length).toBeGreaterThan(10);
    expect(whatIf(wasm, REQUEST).optimum).toBeNull();
  });
});
