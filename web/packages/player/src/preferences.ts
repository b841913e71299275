// What a listener chose and what the server advises, in the words of the documented interface.

import { seconds, type Bytes } from './units.ts';

export const QUALITIES = ['low', 'medium', 'high', 'ultra'] as const;
/** The listener-facing name of a rung. */
export type Quality = (typeof QUALITIES)[number];
/** A listener's choice: let the core decide, or hold one quality. */
export type Mode = 'auto' | Quality;
export type NetworkKind = 'wifi' | 'cellular' | 'ethernet' | 'unknown';

/** The documented preferences. */
export interface Preferences {
  readonly mode: Mode;
  readonly prefer_quality: boolean;
  readonly adapt_to_system: boolean;
  readonly auto_download_quality: boolean;
}

/** The documented buffer settings; all but `preload` in seconds. */
export interface BufferSettings {
  readonly buffer_size: number;
  readonly preload: string;
  readonly max_buffer_size: number;
  readonly rebuffer_threshold: number;
}

/** What this device knows of its network; `null` where neither the browser nor the page says. */
export interface NetworkDeclaration {
  readonly kind: NetworkKind;
  /** Whether bytes cost money. */
  readonly metered: boolean | null;
  /** Whether the listener wants to be spared data. */
  readonly saveData: boolean | null;
}

/** What the listener's rules allow now, whatever the mode. */
export interface Bounds {
  /** Nothing better is fetched; `null` for anything. */
  readonly maxQuality: Quality | null;
  /** Of the month's data, where it counts here. */
  readonly leftBytes: Bytes | null;
}

/** How hard the listener's device works, as the Compute Pressure API names it. */
export type DevicePressure = 'nominal' | 'fair' | 'serious' | 'critical';

/** What the server believes of the listener's network; `source` as documented. */
export interface NetworkEstimate {
  readonly speed_mbps: number;
  readonly source?: string;
  /** What the server would start from: what is fresh and what other hours let it expect. */
  readonly prior?: { readonly mean_mbps: number; readonly confidence: number };
}

/** Load of the server, in percent. */
export interface HostLoad {
  readonly cpu_percent: number;
  readonly memory_percent: number;
}

/** How tracks go over into each other. */
export interface Crossfade {
  /** 0 to 12; 0 joins them to the sample. */
  readonly seconds: number;
  /** Between tracks of one album, in its order, as well. */
  readonly albums: boolean;
}

export const NO_CROSSFADE: Crossfade = { seconds: 0, albums: false };

/** Whether tracks are brought to one loudness: each by itself, or whole albums. */
export type Leveling = 'off' | 'track' | 'album';

export const DEFAULT_PREFERENCES: Preferences = {
  mode: 'auto',
  prefer_quality: true,
  adapt_to_system: true,
  auto_download_quality: false,
};

/** The documented preset of high: in force until the server's advice arrives. */
export const DEFAULT_BUFFER: BufferSettings = {
  buffer_size: 15,
  preload: 'auto',
  max_buffer_size: 30,
  rebuffer_threshold: 4.5,
};

/**
 * Where bytes cost nothing a player keeps more than the documented maximum, up to this: nearly every
 * track as a whole, and less than browsers hold (Chromium 12 MB of audio, 300 s of the top rung).
 */
export const DEFAULT_BUFFER_DEPTH = seconds(240);
