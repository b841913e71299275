// What the listener chose and the server advised, in the form that the core takes.

import type { CoreConfig, CoreLimits, NetworkPrior } from '../core/contract.ts';
import type {
  Bounds,
  BufferSettings,
  NetworkEstimate,
  NetworkKind,
  Preferences,
  Quality,
} from '../preferences.ts';
import { seconds, type Seconds } from '../units.ts';

export interface Settings {
  readonly preferences: Preferences;
  readonly buffer: BufferSettings;
  readonly networkKind: NetworkKind;
  readonly bounds: Bounds | null;
  readonly estimate: NetworkEstimate | null;
  /** Holds for the present track, over the mode. */
  readonly override: Quality | null;
  /** How much to keep where bytes cost nothing, seconds, if that is more than the maximum. */
  readonly depth: number;
}

/** How much a figure of the server is worth beside a minute of our own transfers. */
const CONFIDENCE: Readonly<Record<string, number>> = {
  playback: 0.5,
  listener_probe: 0.5,
  history: 0.3,
  server_probe: 0.1,
};

const depth = (settings: Settings): Seconds =>
  seconds(Math.max(settings.depth, settings.buffer.max_buffer_size));

/** Where the core stops fetching, seconds ahead of the playhead: see `Limits::ceiling_s` there. */
export function reach(settings: Settings): Seconds {
  const isMetered =
    settings.networkKind === 'cellular' || (settings.bounds?.leftBytes ?? null) !== null;
  return isMetered ? seconds(settings.buffer.max_buffer_size) : depth(settings);
}

export function limits(settings: Settings): CoreLimits {
  const { preferences, buffer } = settings;
  return {
    mode: settings.override ?? preferences.mode,
    preferQuality: preferences.prefer_quality,
    adaptToSystem: preferences.adapt_to_system,
    networkKind: settings.networkKind,
    cap: settings.bounds?.maxQuality ?? null,
    budget: settings.bounds?.leftBytes ?? null,
    target: seconds(buffer.buffer_size),
    max: seconds(buffer.max_buffer_size),
    low: seconds(buffer.rebuffer_threshold),
    depth: depth(settings),
  };
}

/** A fallback is no measurement, and so no belief. What the server itself would start from counts
 * before what we make of its figure. */
export function prior(estimate: NetworkEstimate | null): NetworkPrior {
  const told = estimate?.prior;
  if (told && told.mean_mbps > 0 && told.confidence > 0) {
    return { meanMbps: told.mean_mbps, confidence: Math.min(1, told.confidence) };
  }
  const confidence = CONFIDENCE[estimate?.source ?? ''];
  if (!estimate || confidence === undefined) return { meanMbps: 0, confidence: 0 };
  return { meanMbps: estimate.speed_mbps, confidence };
}

export const coreConfig = (settings: Settings, startQuality: Quality): CoreConfig => ({
  limits: limits(settings),
  preload: settings.buffer.preload === 'metadata' ? 'metadata' : 'auto',
  startQuality,
  prior: prior(settings.estimate),
});

/** Whether the core would take it: it refuses a buffer that is out of order. */
export const isUsable = (buffer: BufferSettings): boolean =>
  0 < buffer.rebuffer_threshold &&
  buffer.rebuffer_threshold <= buffer.buffer_size &&
  buffer.buffer_size <= buffer.max_buffer_size &&
  buffer.max_buffer_size <= 86_400;
