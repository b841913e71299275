// Sound for whoever is logged in: one player, what is kept on the device, and the documented Quick
// Sync context around them.

import type { Player } from '@quicksync/player';
import { QuickSyncProvider, usePlayerSync } from '@quicksync/react';
import { useEffect, useState, type ReactNode } from 'react';

import { basePath } from '../base.ts';
import { HistoryProvider } from '../features/stats/HistoryContext.tsx';
import { OfflineProvider } from '../offline/OfflineContext.tsx';
import { openOffline } from '../offline/openDownloads.ts';
import { useUpgrades } from '../offline/useUpgrades.ts';
import { createAppPlayer } from '../playback/createAppPlayer.ts';
import { followQueue } from '../playback/keptQueue.ts';
import { PlayerProvider } from '../playback/PlayerContext.tsx';

interface PlaybackProps {
  readonly userId: string;
  readonly children: ReactNode;
}

/** Ends with the login: give it the listener as its key. */
export function Playback({ userId, children }: PlaybackProps) {
  const [{ player, downloads }] = useState(() => {
    const offline = openOffline(userId);
    return { player: createAppPlayer(offline.stored), downloads: offline.downloads };
  });
  useEffect(() => followQueue(player, userId, localStorage), [player, userId]);
  useEffect(() => () => player.destroy(), [player]);
  return (
    <QuickSyncProvider baseUrl={basePath} sessionKey={userId}>
      <OfflineProvider downloads={downloads}>
        <PlayerProvider player={player}>
          <Synced player={player} />
          <HistoryProvider>{children}</HistoryProvider>
        </PlayerProvider>
      </OfflineProvider>
    </QuickSyncProvider>
  );
}

/** What the listener chose and the server advises reaches the sound, and what is kept. */
function Synced({ player }: { player: Player }) {
  usePlayerSync(player);
  useUpgrades();
  return null;
}
