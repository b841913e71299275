// Kept music of one listener: the code for it is fetched on the side, and it is a collection of
// their own.

import type { StoredTracks } from '@quicksync/player/offline';

import { basePath } from '../base.ts';
import { afterPaint } from '../playback/afterPaint.ts';
import { keepCovers } from './covers.ts';
import { Downloads } from './downloads.ts';
import { wantsOf } from './wants.ts';

export interface Offline {
  readonly downloads: Downloads;
  /** For the player. */
  readonly stored: StoredTracks;
}

export function openOffline(userId: string): Offline {
  const opening = afterPaint()
    .then(() => import('@quicksync/player/offline'))
    .then(({ openOfflineStore }) =>
      openOfflineStore({ baseUrl: basePath, name: `quicksync-offline-${userId}` }),
    );
  const downloads = new Downloads(opening, wantsOf(userId, localStorage));
  keepCovers(downloads);
  return {
    downloads,
    stored: { open: async (id) => (await opening.catch(() => null))?.open(id) ?? null },
  };
}
