// Brings what the listener chose and the server advises to the sound.

import type {
  Bounds,
  BufferSettings,
  HostLoad,
  NetworkEstimate,
  Preferences,
} from '@quicksync/player';
import { useEffect } from 'react';

import type { QuickSyncBounds, QuickSyncDevice, QuickSyncPreferences } from '../types.ts';
import { useQuickSync } from './QuickSyncContext.tsx';

/** The part of a player that follows Quick Sync. */
export interface SyncedPlayer {
  applyPreferences(preferences: Preferences): void;
  applyBufferSettings(buffer: BufferSettings): void;
  applyHostLoad(load: HostLoad): void;
  applyNetworkEstimate(estimate: NetworkEstimate): void;
  applyBounds?(bounds: Bounds): void;
}

/** Keeps `player` in step with the provider above; `null` while there is none. */
export function usePlayerSync(player: SyncedPlayer | null): void {
  const { status, preferences, device, bounds } = useQuickSync();
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
    if (system) player?.applyHostLoad(system.effective ?? system);
  }, [player, system]);
  useEffect(() => {
    if (bounds) player?.applyBounds?.(boundsOf(bounds));
  }, [player, bounds]);
}

const boundsOf = ({ max_quality, budget }: QuickSyncBounds): Bounds => ({
  maxQuality: max_quality ?? null,
  leftBytes: (budget?.left_bytes ?? null) as Bounds['leftBytes'],
});

/** The listener's preferences, with this device's own over them. */
function withOwn(preferences: Preferences, device: QuickSyncDevice | null): Preferences {
  const own = Object.entries(device?.preferences ?? {}).filter(([name]) =>
    device?.overridden.includes(name as keyof QuickSyncPreferences),
  );
  return { ...preferences, ...Object.fromEntries(own) };
}
