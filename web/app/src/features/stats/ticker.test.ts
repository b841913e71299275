import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Ticker } from './ticker.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** A version that rises with every millisecond, and how often it was shown. */
function watched() {
  let version = 0;
  const rising = setInterval(() => (version += 1), 1);
  const ticker = new Ticker(() => version);
  const seen = vi.fn();
  const stop = ticker.subscribe(seen);
  return { ticker, seen, stop, rest: () => clearInterval(rising) };
}

test('what changes all the time is drawn ten times a second', () => {
  const { seen } = watched();
  vi.advanceTimersByTime(1_000);
  expect(seen).toHaveBeenCalledTimes(10);
});

test('and once a second where less motion is wanted', () => {
  vi.stubGlobal('matchMedia', () => ({ matches: true }));
  const { seen } = watched();
  vi.advanceTimersByTime(3_000);
  expect(seen).toHaveBeenCalledTimes(3);
});

test('nothing is drawn while the page is hidden, nothing has changed, or nobody looks', () => {
  const { seen, stop, rest } = watched();
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
  vi.advanceTimersByTime(1_000);
  expect(seen).not.toHaveBeenCalled();
  hidden.mockReturnValue(false);
  vi.advanceTimersByTime(100);
  expect(seen).toHaveBeenCalledTimes(1);
  rest();
  vi.advanceTimersByTime(1_000);
  expect(seen.mock.calls.length).toBeLessThanOrEqual(2);
  stop();
  expect(vi.getTimerCount()).toBe(0);
});

test('what is frozen says so once and then stands still', () => {
  const { ticker, seen } = watched();
  ticker.freeze(true);
  expect([ticker.isFrozen(), seen.mock.calls.length]).toEqual([true, 1]);
  const shown = ticker.shown();
  vi.advanceTimersByTime(5_000);
  expect([ticker.shown(), seen.mock.calls.length]).toEqual([shown, 1]);
  ticker.freeze(false);
  vi.advanceTimersByTime(100);
  expect(ticker.shown()).toBeGreaterThan(shown);
});
