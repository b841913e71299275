// Whether the server answered when it was last asked, whatever it answered.

import { useSyncExternalStore } from 'react';

let isReachable = true;
const watchers = new Set<() => void>();

export function noteReach(answered: boolean): void {
  if (answered === isReachable) return;
  isReachable = answered;
  for (const watch of Array.from(watchers)) watch();
}

function subscribe(watch: () => void) {
  watchers.add(watch);
  return () => void watchers.delete(watch);
}

export const useReachable = (): boolean => useSyncExternalStore(subscribe, () => isReachable);
