// Brings what the listener chose and the server advises to the sound.

import type { BufferSettings, HostLoad, NetworkEstimate, Preferences } from '@quicksync/player';
import { useEffect } from 'react';

import { useQuickSync } from './QuickSyncContext.tsx';

/** The part of a player that follows Quick Sync. */
export interface SyncedPlayer {
  applyPreferences(preferences: Preferences): void;
  applyBufferSettings(buffer: BufferSettings): void;
  applyHostLoad(load: HostLoad): void;
  applyNetworkEstimate(estimate: NetworkEstimate): void;
}

/** Keeps `player` in step with the provider above; `null` while there is none. */
export function usePlayerSync(player: SyncedPlayer | null): void {
  const { status, preferences } = useQuickSync();
  const { network, system, buffer } = status ?? {};
  useEffect(() => {
    if (preferences) player?.applyPreferences(preferences);
  }, [player, preferences]);
  useEffect(() => {
    if (network) player?.applyNetworkEstimate(network);
  }, [player, network]);
  useEffect(() => {
    if (buffer) player?.applyBufferSettings(buffer);
  }, [player, buffer]);
  useEffect(() => {
    if (system) player?.applyHostLoad(system);
  }, [player, system]);
}
