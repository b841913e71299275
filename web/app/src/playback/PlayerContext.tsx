// The one player of the page: components ask it for things and watch one part of its state each.

import type { Player, PlayerState } from '@quicksync/player';
import { createContext, use, useCallback, useSyncExternalStore, type ReactNode } from 'react';

const PlayerContext = createContext<Player | null>(null);

export function PlayerProvider({ player, children }: { player: Player; children: ReactNode }) {
  return <PlayerContext value={player}>{children}</PlayerContext>;
}

export function usePlayer(): Player {
  const player = use(PlayerContext);
  if (!player) throw new Error('usePlayer needs a PlayerProvider above it');
  return player;
}

/** One part of the player's state; `select` must be a stable function that makes no new objects. */
export function usePlayerState<Part>(select: (state: PlayerState) => Part): Part {
  const player = usePlayer();
  const subscribe = useCallback(
    (changed: () => void) => player.subscribe(select, changed),
    [player, select],
  );
  return useSyncExternalStore(subscribe, () => select(player.state));
}
