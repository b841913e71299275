import { expect, test } from 'vitest';

import { LASTS_MS, measure, type Progress } from './measure.ts';

/** A network of so many bytes a millisecond, in pieces; time passes only while it carries. */
function network(bytesPerMs: number, piece = 10_000) {
  let now = 1_000;
  const asked: number[] = [];
  const download = async (bytes: number) => {
    asked.push(bytes);
    let left = bytes;
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
      const size = Math.min(piece, left);
      left -= size;
      now += size / bytesPerMs;
      controller.enqueue(new Uint8Array(size));
      if (left === 0) controller.close();
    };
    return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }));
  };
  return { asked, download, now: () => now };
}

async function run(bytesPerMs: number) {
  const { asked, download, now } = network(bytesPerMs);
  const shown: Progress[] = [];
  const { signal } = new AbortController();
  const measured = await measure({ download, now, onProgress: (one) => shown.push(one), signal });
  return { asked, measured, shown };
}

test.each([0.125, 12.5, 125])('%d bytes a microsecond are found', async (bytesPerMs) => {
  const { measured } = await run(bytesPerMs * 10);
  expect(measured.mbps).toBeCloseTo((bytesPerMs * 10 * 8) / 1e3, 1);
});

test('a fast network is asked for more and more, and no more than allowed', async () => {
  const { asked, measured } = await run(12_500);
  expect(asked[0]).toBe(250_000);
  expect(Math.max(...asked)).toBe(8_000_000);
  expect(measured.bytes).toBeLessThanOrEqual(32_000_000);
});

test('a slow network is cut and counts with what arrived', async () => {
  const { measured } = await run(10);
  expect(measured.durationMs).toBeGreaterThan(LASTS_MS);
  expect(measured.durationMs).toBeLessThan(12_000);
  expect(measured.mbps).toBeCloseTo(0.08);
});

test('progress only grows, ends full and shows the rate as it is', async () => {
  const { shown } = await run(125);
  const shares = shown.map(({ share }) => share);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.at(-1)).toBe(1);
  expect(shown.every(({ mbps }) => Math.abs(mbps - 1) < 0.2)).toBe(true);
});

test('a refusal is passed on', async () => {
  const refused = measure({
    ...network(1),
    download: () => Promise.reject(new Error('too many')),
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  await expect(refused).rejects.toThrow('too many');
});
