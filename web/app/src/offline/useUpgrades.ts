// Better copies of what is kept, fetched where bytes cost nothing.

import { useEffect } from 'react';

import { isDear } from '../playback/network.ts';
import { useDownloads, useDownloadsState } from './OfflineContext.tsx';
import { useOfflineQuality } from './useOfflineQuality.ts';

/** What one came to hear goes first. */
const SETTLED_MS = 30_000;

export function useUpgrades(): void {
  const downloads = useDownloads();
  const { status } = useDownloadsState();
  const quality = useOfflineQuality();
  useEffect(() => {
    if (status !== 'ready') return;
    const upgrade = async () => {
      const { isGoodNetwork } = await import('@quicksync/player/offline');
      if (navigator.onLine && isGoodNetwork() && !isDear()) downloads.upgrade(quality);
    };
    const later = setTimeout(() => void upgrade(), SETTLED_MS);
    const back = () => void upgrade();
    // From mobile data into a Wi-Fi network one need not have been offline.
    const { connection } = navigator as { readonly connection?: EventTarget };
    addEventListener('online', back);
    connection?.addEventListener('change', back);
    return () => {
      clearTimeout(later);
      removeEventListener('online', back);
      connection?.removeEventListener('change', back);
    };
  }, [downloads, status, quality]);
}
