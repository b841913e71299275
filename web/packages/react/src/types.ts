// The documented words of Quick Sync, field by field. What the server adds beside them is optional.

import type { Mode, Preferences, Quality } from '@quicksync/player';

export interface QuickSyncStatus {
  network: {
    speed_mbps: number;
    status: 'excellent' | 'good' | 'fair' | 'poor';
    source?: 'playback' | 'listener_probe' | 'server_probe' | 'history' | 'fallback';
    age_s?: number | null;
  };
  system: {
    cpu_percent: number;
    memory_percent: number;
    status: 'low_load' | 'moderate_load' | 'high_load';
    /** What the server counts as, its encoders' queue and the like included. */
    effective?: { cpu_percent: number; memory_percent: number };
    memory_available_mb?: number;
    disk_percent?: number;
  };
  quality: {
    level: Quality | 'auto';
    bitrate: number;
    description: string;
    auto_selected: boolean;
    reason?: string;
  };
  buffer: {
    buffer_size: number;
    preload: string;
    max_buffer_size: number;
    rebuffer_threshold: number;
  };
  /** Unix seconds. */
  timestamp?: number;
}

export type QuickSyncMode = Mode;

export interface QuickSyncPreferences {
  mode: QuickSyncMode;
  prefer_quality: boolean;
  adapt_to_system: boolean;
  auto_download_quality: boolean;
}

/** Fails to compile if the player and this package ever name a preference differently. */
export type SamePreferences = QuickSyncPreferences extends Preferences ? true : never;

/** What the rules of this one device change. */
export interface QuickSyncDevice {
  /** What holds on this device: the listener's own preferences, or this device's over them. */
  preferences: QuickSyncPreferences;
  /** Names of the preferences and rules that are this device's own. */
  overridden: readonly string[];
}

/** What the listener's rules and the month's data allow now, in every mode. */
export interface QuickSyncBounds {
  max_quality?: Quality | null;
  budget?: { left_bytes: number } | null;
}

export interface QuickSyncTestResult {
  network_speed_mbps: number;
  system_resources: { cpu_percent: number; memory_percent: number };
  recommended_quality: Quality;
  timestamp: number;
  source?: string;
  reason?: string;
}

export interface QuickSyncContextType {
  status: QuickSyncStatus | null;
  preferences: QuickSyncPreferences | null;
  /** Null until it is known, and from servers that know no rules of devices. */
  device: QuickSyncDevice | null;
  /** Null until they are known, and from servers that tell of none. */
  bounds: QuickSyncBounds | null;
  /** True until the first answer, and while a speed test runs. */
  loading: boolean;
  /** Shows the change at once; takes it back and rejects if the server refuses it. */
  updatePreferences: (prefs: Partial<QuickSyncPreferences>) => Promise<void>;
  runSpeedTest: () => Promise<void>;
  refreshStatus: () => Promise<void>;
  /** Why the last request failed, as one sentence; null once one succeeds. */
  error: string | null;
  /** What the last speed test of this page found. */
  lastTest: QuickSyncTestResult | null;
}
