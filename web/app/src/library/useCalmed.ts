// A value that changes often, as someone sees it who looks up only now and then.

import { useEffect, useRef, useState } from 'react';

/** Follows `value` at once after a rest, and at most every `restMs` while it keeps changing. */
export function useCalmed<Value>(value: Value, restMs: number): Value {
  const [calm, setCalm] = useState(value);
  const changedAt = useRef(-Infinity);
  useEffect(() => {
    if (Object.is(calm, value)) return;
    const follow = () => {
      changedAt.current = performance.now();
      setCalm(value);
    };
    const wait = changedAt.current + restMs - performance.now();
    const timer = setTimeout(follow, Math.max(0, wait));
    return () => clearTimeout(timer);
  }, [value, calm, restMs]);
  return calm;
}
