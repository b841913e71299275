// The public face of the engine: requests go in, state comes out.

import type { CoreSession, DecisionCore } from './core/contract.ts';
import type { Witness } from './core/driver.ts';
import type { AudioEngine } from './engine/audioEngine.ts';
import type { Fading } from './engine/decks.ts';
import type { StoredTracks } from './engine/stored.ts';
import type { CmcdMode } from './net/cmcd.ts';
import type { ServerOptions } from './net/server.ts';
import type { MediaElementPort, MediaSourceFactory } from './platform.ts';
import type {
  Bounds,
  BufferSettings,
  Crossfade,
  HostLoad,
  Leveling,
  Mode,
  NetworkDeclaration,
  NetworkEstimate,
  Preferences,
  Quality,
} from './preferences.ts';
import type { PlayerState, QueueTrack } from './state.ts';
import type { ReadableStore, Unsubscribe } from './store.ts';

export interface EngineOptions extends ServerOptions {
  /** Decides what is fetched and when sound starts; see `@quicksync/player/wasm`. */
  readonly core: DecisionCore | Promise<DecisionCore>;
  readonly mediaSourceFactory?: MediaSourceFactory | null;
  /** Tracks kept on this device, played from it without a network; see `@quicksync/player/offline`. */
  readonly offline?: StoredTracks;
  /** Default a new audio element. */
  readonly element?: MediaElementPort;
  readonly preferences?: Preferences;
  readonly buffer?: BufferSettings;
  /** What crossfades are made with; default a second audio element and the Web Audio API. */
  readonly fading?: Fading;
  /** Whether and how segment requests carry CMCD, version 2; default not at all. */
  readonly cmcd?: CmcdMode;
  /** See `declareNetwork`. */
  readonly network?: Partial<NetworkDeclaration>;
  /**
   * Seconds up to which the core may fill where bytes cost nothing; default 240, and never less than
   * the buffer's own maximum. More outlasts longer outages and costs the bytes of what is skipped.
   */
  readonly bufferDepth?: number;
}

export interface PlayerOptions extends EngineOptions {
  /** Whether the server is told how playback goes; default true. */
  readonly reports?: boolean;
  /**
   * Takes over where this browser cannot play what our engine fetches, or cannot decode it twice;
   * `createHlsEngine` of `@quicksync/player/hls`, imported when it is called for.
   */
  readonly fallback?: (options: EngineOptions) => Promise<AudioEngine>;
}

export interface LoadOptions {
  /** Start as soon as the core says so; default false. */
  readonly play?: boolean;
}

/** Adaptive playback of a queue. Every method asks; only the engine and the queue change `state`. */
export interface Player extends ReadableStore<PlayerState> {
  load(queue: readonly QueueTrack[], index?: number, options?: LoadOptions): void;
  /** Changes the queue without a break if `queue[index]` is the track that plays. */
  updateQueue(queue: readonly QueueTrack[], index: number): void;
  play(): void;
  pause(): void;
  /** Seconds from the start of the track. */
  seek(position: number): void;
  next(): void;
  /** The track before; or this one again if it has played for more than three seconds. */
  previous(): void;
  /** 0 to 1. */
  setVolume(volume: number): void;
  mute(muted: boolean): void;
  /** 1 is the music's own pace, 0.25 to 4; the pitch stays. */
  setRate(rate: number): void;
  /** Default `off`. */
  setLeveling(leveling: Leveling): void;
  /** Default none. Nothing changes where the browser cannot mix. */
  setCrossfade(crossfade: Crossfade): void;
  setMode(mode: Mode): void;
  /** Holds a quality for the present track, over the mode; `null` lets the mode hold again. */
  overrideQuality(quality: Quality | null): void;
  applyPreferences(preferences: Preferences): void;
  applyBufferSettings(buffer: BufferSettings): void;
  applyHostLoad(load: HostLoad): void;
  /** What the listener's rules allow now; the player asks the server itself where it can. */
  applyBounds(bounds: Bounds): void;
  /** Says what the browser cannot; what is left out is as the browser says, or unknown. */
  declareNetwork(network: Partial<NetworkDeclaration>): void;
  /** What to believe of the network until our own transfers show it. */
  applyNetworkEstimate(estimate: NetworkEstimate): void;
  /** Everything the core was told and answered, replayable elsewhere to the same decisions. */
  decisionLog(): string;
  /** Everything the core is told and answers, as it happens: for whoever wants to show it. */
  watch(watcher: Witness): Unsubscribe;
  destroy(): void;
}

export type { CoreSession };
