// Asks again every five minutes, but only of a page that somebody can see.

import { useEffect } from 'react';

/** The greatest age of any measurement in the documented status. */
const INTERVAL_MS = 5 * 60 * 1_000;

export function useRefreshWhileVisible(refresh: () => void): void {
  useEffect(() => {
    let lastAt = Date.now();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const plan = () => {
      clearTimeout(timer);
      if (document.visibilityState !== 'visible') return;
      const wait = Math.max(0, lastAt + INTERVAL_MS - Date.now());
      timer = setTimeout(() => {
        lastAt = Date.now();
        refresh();
        plan();
      }, wait);
    };
    plan();
    document.addEventListener('visibilitychange', plan);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', plan);
    };
  }, [refresh]);
}
