// What every plug-in takes.

import {
  DEFAULT_BUFFER,
  DEFAULT_PREFERENCES,
  type BufferSettings,
  type Clock,
  type DecisionCore,
  type NetworkEstimate,
  type Preferences,
  type Quality,
} from '@quicksync/player';
import { networkKind, type HintScope, type Settings } from '@quicksync/player/core';

export interface PluginOptions {
  /** See `createWasmCore` of `@quicksync/player/wasm`. */
  readonly core: DecisionCore;
  readonly preferences?: Preferences;
  readonly buffer?: BufferSettings;
  /** Seconds up to which to fill where bytes cost nothing; default the buffer's own maximum. */
  readonly bufferDepth?: number;
  /** What the server believes of the network. */
  readonly estimate?: NetworkEstimate;
  /** Of the first segment, if nothing is known of the network; default `medium`. */
  readonly startQuality?: Quality;
  readonly clock?: Clock;
  /** Where hints of network and device come from; default the window. */
  readonly scope?: HintScope;
}

export const settingsOf = (options: PluginOptions, scope: HintScope): Settings => ({
  preferences: options.preferences ?? DEFAULT_PREFERENCES,
  buffer: options.buffer ?? DEFAULT_BUFFER,
  networkKind: networkKind(scope),
  estimate: options.estimate ?? null,
  override: null,
  bounds: null,
  depth: options.bufferDepth ?? 0,
});
