// The one collection of kept music of whoever is logged in.

import { createContext, use, useSyncExternalStore, type ReactNode } from 'react';

import type { Download, Downloads, DownloadsState } from './downloads.ts';

const OfflineContext = createContext<Downloads | null>(null);

export function OfflineProvider({
  downloads,
  children,
}: {
  downloads: Downloads;
  children: ReactNode;
}) {
  return <OfflineContext value={downloads}>{children}</OfflineContext>;
}

export function useDownloads(): Downloads {
  const downloads = use(OfflineContext);
  if (!downloads) throw new Error('useDownloads needs an OfflineProvider above it');
  return downloads;
}

/** Everything that is kept or on its way. */
export function useDownloadsState(): DownloadsState {
  const downloads = useDownloads();
  return useSyncExternalStore(downloads.subscribe, () => downloads.state);
}

/** One track of it. */
export function useDownload(trackId: string): Download | undefined {
  const downloads = useDownloads();
  return useSyncExternalStore(downloads.subscribe, () => downloads.find(trackId));
}
