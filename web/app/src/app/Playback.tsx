// Sound for whoever is logged in: one player, and the documented Quick Sync context around it.

import type { Player } from '@quicksync/player';
import { QuickSyncProvider, usePlayerSync } from '@quicksync/react';
import { useEffect, useState, type ReactNode } from 'react';

import { basePath } from '../base.ts';
import { createAppPlayer } from '../playback/createAppPlayer.ts';
import { HistoryProvider } from '../features/stats/HistoryContext.tsx';
import { PlayerProvider } from '../playback/PlayerContext.tsx';

interface PlaybackProps {
  readonly userId: string;
  readonly children: ReactNode;
}

/** Ends with the login: give it the listener as its key. */
export function Playback({ userId, children }: PlaybackProps) {
  const [player] = useState(createAppPlayer);
  useEffect(() => () => player.destroy(), [player]);
  return (
    <QuickSyncProvider baseUrl={basePath} sessionKey={userId}>
      <PlayerProvider player={player}>
        <Synced player={player} />
        <HistoryProvider>{children}</HistoryProvider>
      </PlayerProvider>
    </QuickSyncProvider>
  );
}

/** What the listener chose and the server advises reaches the sound. */
function Synced({ player }: { player: Player }) {
  usePlayerSync(player);
  return null;
}
