// What the settings panel says, in one place.

import type { QuickSyncMode, QuickSyncPreferences, QuickSyncStatus } from '../types.ts';

/** How a status looks beside its words: never by colour alone. */
export type Tone = 'good' | 'fair' | 'poor';

export const NETWORK: Record<QuickSyncStatus['network']['status'], readonly [string, Tone]> = {
  excellent: ['Excellent', 'good'],
  good: ['Good', 'good'],
  fair: ['Fair', 'fair'],
  poor: ['Poor', 'poor'],
};

export const SYSTEM: Record<QuickSyncStatus['system']['status'], readonly [string, Tone]> = {
  low_load: ['Low load', 'good'],
  moderate_load: ['Moderate load', 'fair'],
  high_load: ['High load', 'poor'],
};

export const SOURCE: Record<NonNullable<QuickSyncStatus['network']['source']>, string> = {
  playback: 'measured while playing',
  listener_probe: 'measured from this device',
  server_probe: 'measured by the server',
  history: 'remembered of this network',
  fallback: 'assumed: nothing could be measured',
};

export interface ModeWords {
  readonly mode: QuickSyncMode;
  readonly name: string;
  readonly detail: string;
}

export const MODES: readonly ModeWords[] = [
  { mode: 'auto', name: 'Auto', detail: 'Follows network and system' },
  { mode: 'ultra', name: 'Ultra', detail: '320 kbps, 144 MB an hour' },
  { mode: 'high', name: 'High', detail: '256 kbps, 115 MB an hour' },
  { mode: 'medium', name: 'Medium', detail: '128 kbps, 58 MB an hour' },
  { mode: 'low', name: 'Low', detail: '64 kbps, 29 MB an hour' },
];

export type Toggle = Exclude<keyof QuickSyncPreferences, 'mode'>;

export interface ToggleWords {
  readonly field: Toggle;
  readonly name: string;
  readonly detail: string;
}

export const TOGGLES: readonly ToggleWords[] = [
  {
    field: 'prefer_quality',
    name: 'Prefer quality',
    detail: 'Goes higher when there is room. Off: stays where it is steady.',
  },
  {
    field: 'adapt_to_system',
    name: 'Adapt to system',
    detail: 'Goes lower while the server or this device is busy.',
  },
  {
    field: 'auto_download_quality',
    name: 'Apply to downloads',
    detail: 'Downloads use the quality chosen here.',
  },
];

export const PRELOAD: Readonly<Record<string, string>> = {
  auto: 'Filled before you press play',
  metadata: 'Nothing but the track’s description',
};

/** Seconds without digits that say nothing. */
export const inSeconds = (value: number): string => `${Number(value.toFixed(1))} s`;
