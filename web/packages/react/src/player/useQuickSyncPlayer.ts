// A player for the provider's server, from when a component is shown until it is gone.

import {
  createPlayer,
  type DecisionCore,
  type Player,
  type PlayerOptions,
} from '@quicksync/player';
import { useContext, useEffect, useRef, useState } from 'react';

import { ConnectionContext } from '../context/connection.ts';
import { usePlayerSync } from '../context/usePlayerSync.ts';

/** Read once, when the player is made. */
export type QuickSyncPlayerOptions = Omit<Partial<PlayerOptions>, 'baseUrl' | 'getToken'>;

let shared: Promise<DecisionCore> | null = null;

/** One decision core for every player of a page; fetched with the first of them. */
function sharedCore(): Promise<DecisionCore> {
  shared ??= import('@quicksync/player/wasm')
    .then(({ createWasmCore }) => createWasmCore())
    .catch((error: unknown) => {
      shared = null;
      throw error;
    });
  return shared;
}

/**
 * Follows the provider's preferences and advice; `null` on the server and in the first render, and
 * another one for another `baseUrl`. With `given`, that is followed and nothing is made.
 */
export function useQuickSyncPlayer(
  options: QuickSyncPlayerOptions = {},
  given: Player | null = null,
): Player | null {
  const { baseUrl, token } = useContext(ConnectionContext);
  const [made, setMade] = useState<Player | null>(null);
  const latest = useRef({ token, options });
  useEffect(() => void (latest.current = { token, options }));
  const isGiven = given !== null;
  useEffect(() => {
    if (isGiven) return;
    const player = createPlayer({
      ...latest.current.options,
      core: latest.current.options.core ?? sharedCore(),
      baseUrl,
      getToken: () => latest.current.token ?? null,
    });
    setMade(player);
    return () => {
      setMade(null);
      player.destroy();
    };
  }, [baseUrl, isGiven]);
  const player = given ?? made;
  usePlayerSync(player);
  return player;
}
