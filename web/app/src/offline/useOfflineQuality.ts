// The quality of what is kept on this device: as the rules say, or the preference for downloads.

import type { Quality } from '@quicksync/player';
import { useQuickSync } from '@quicksync/react';
import { useQuery } from '@tanstack/react-query';

import { statusQuery } from '../api/queries.ts';

/** Where nothing is ruled: what most ears cannot tell from the source. */
const UNRULED: Quality = 'high';

export function useOfflineQuality(): Quality {
  const { data } = useQuery({ ...statusQuery, refetchInterval: false, staleTime: 60_000 });
  const { status } = useQuickSync();
  const ruled = data?.device.offline_quality ?? data?.device.download_quality;
  if (ruled) return ruled as Quality;
  const follows = data?.device.preferences.auto_download_quality ?? false;
  return follows && status ? (status.quality.level as Quality) : UNRULED;
}
