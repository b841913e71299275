// An offline store that keeps nothing but a list; a test says when a track has come.

import type { QueueTrack, Quality } from '@quicksync/player';
import type { OfflineStore, OfflineTrack, SaveOptions } from '@quicksync/player/offline';

interface Asked {
  readonly track: QueueTrack;
  readonly quality: Quality;
  readonly options: SaveOptions;
  readonly finish: () => void;
  readonly fail: (error: Error) => void;
}

export interface FakeShelf extends OfflineStore {
  /** What is being saved, first asked first. */
  readonly asked: Asked[];
  put(change: Partial<OfflineTrack> & { track: QueueTrack }): void;
}

export function fakeShelf(): FakeShelf {
  let kept: OfflineTrack[] = [];
  let saves = 0;
  const watchers = new Set<() => void>();
  const asked: Asked[] = [];
  const change = (next: OfflineTrack[]) => {
    kept = next;
    for (const watch of Array.from(watchers)) watch();
  };
  const put: FakeShelf['put'] = (given) => {
    const one = {
      ...{ quality: 'high', best: false, complete: true, bytes: 4_000_000 },
      ...{ segments: 10, segmentsKept: 10, savedAt: (saves += 1), ...given },
    } as OfflineTrack;
    change([...kept.filter(({ track }) => track.id !== one.track.id), one]);
  };
  return {
    asked,
    put,
    save: (track, quality, options = {}) =>
      new Promise((resolve, reject) => {
        const finish = () => {
          put({ track, quality });
          resolve(kept.at(-1) as OfflineTrack);
        };
        options.signal?.addEventListener('abort', () => reject(options.signal?.reason));
        asked.push({ track, quality, options, finish, fail: reject });
      }),
    remove: async (id) => change(kept.filter(({ track }) => track.id !== id)),
    list: async () => kept,
    has: async (id) => kept.some(({ track, complete }) => complete && track.id === id),
    usage: async () => ({ bytes: 0, usedBytes: 2e9, quotaBytes: 1e10 }) as never,
    open: async () => null,
    subscribe: (watch) => {
      watchers.add(watch);
      return () => void watchers.delete(watch);
    },
    close: () => {},
  };
}
