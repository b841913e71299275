// One field of a player's state for one component.

import { INITIAL_STATE, type Player, type PlayerState } from '@quicksync/player';
import { useCallback, useSyncExternalStore } from 'react';

/** `select` picks what is already there: a new object each time would never come to rest. */
export function usePlayerState<Part>(
  player: Player | null,
  select: (state: PlayerState) => Part,
): Part {
  const subscribe = useCallback(
    (changed: () => void) => player?.subscribe(select, changed) ?? (() => undefined),
    [player, select],
  );
  return useSyncExternalStore(
    subscribe,
    () => select(player?.state ?? INITIAL_STATE),
    () => select(INITIAL_STATE),
  );
}
