import { act, renderHook } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';

import { useCalmed } from './useCalmed.ts';

afterEach(() => vi.useRealTimers());

test('what is only passed by is not followed, and where it rests is', () => {
  vi.useFakeTimers();
  const { result, rerender } = renderHook(({ at }) => useCalmed(at, 90), {
    initialProps: { at: 0 },
  });
  const pass = (at: number, ms: number) => {
    rerender({ at });
    act(() => vi.advanceTimersByTime(ms));
    return result.current;
  };
  // At once after a rest, then at most every 90 ms, and at last the end.
  expect([pass(1, 10), pass(2, 10), pass(3, 10), pass(4, 90)]).toEqual([1, 1, 1, 4]);
});
