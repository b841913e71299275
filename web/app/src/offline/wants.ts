// What was asked for and is not whole yet, kept so that a page that is loaded anew goes on with it.

import type { Quality, QueueTrack } from '@quicksync/player';

export interface Want {
  readonly track: QueueTrack;
  readonly quality: Quality;
}

export interface Wants {
  read(): readonly Want[];
  keep(wants: readonly Want[]): void;
}

type Shelf = Pick<Storage, 'getItem' | 'setItem'>;

const isWant = (value: unknown): value is Want =>
  typeof value === 'object' && value !== null && 'track' in value && 'quality' in value;

export function wantsOf(userId: string, shelf: Shelf): Wants {
  const key = `quicksync.wanted.${userId}`;
  return {
    read() {
      try {
        const kept: unknown = JSON.parse(shelf.getItem(key) ?? '[]');
        return Array.isArray(kept) ? kept.filter(isWant) : [];
      } catch {
        return []; // storage may be forbidden, or hold something else
      }
    },
    keep(wants) {
      try {
        shelf.setItem(key, JSON.stringify(wants));
      } catch {
        // Full or forbidden: then they last as long as the page.
      }
    },
  };
}
