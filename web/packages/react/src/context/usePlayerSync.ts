// Brings what the listener chose and the server advises to the sound.

import type { BufferSettings, HostLoad, NetworkEstimate, Preferences } from '@quicksync/player';
import { useEffect } from 'react';

import type { QuickSyncDevice, QuickSyncPreferences } from '../types.ts';
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
  const { status, preferences, device } = useQuickSync();
  const { network, system, buffer } = status ?? {};
  useEffect(() => {
    if (preferences) player?.applyPreferences(withOwn(preferences, device));
  }, [player, preferences, device]);
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

/** The listener's preferences, with this device's own over them. */
function withOwn(preferences: Preferences, device: QuickSyncDevice | null): Preferences {
  const own = Object.entries(device?.preferences ?? {}).filter(([name]) =>
    device?.overridden.includes(name as keyof QuickSyncPreferences),
  );
  return { ...preferences, ...Object.fromEntries(own) };
}
