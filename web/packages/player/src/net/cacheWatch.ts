// Tells transfers that came out of the browser's cache from those that crossed the network: the
// first would make any network look excellent.

export interface CacheWatch {
  /** Whether the last transfer of `url` never left the machine; asked once per transfer. */
  wasCached(url: string): boolean;
  stop(): void;
}

const NEVER: CacheWatch = { wasCached: () => false, stop: () => undefined };

export function watchCache(): CacheWatch {
  if (typeof PerformanceObserver === 'undefined') return NEVER;
  const cached = new Set<string>();
  const note = (entries: readonly PerformanceEntry[]) => {
    for (const entry of entries as readonly PerformanceResourceTiming[]) {
      if (entry.transferSize === 0 && entry.encodedBodySize > 0) cached.add(entry.name);
      else cached.delete(entry.name);
    }
  };
  const observer = new PerformanceObserver((list) => note(list.getEntries()));
  observer.observe({ type: 'resource' });
  return {
    wasCached(url) {
      note(observer.takeRecords());
      return cached.delete(url);
    },
    stop: () => observer.disconnect(),
  };
}
