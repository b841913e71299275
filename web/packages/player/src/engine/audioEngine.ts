// What a way of making sound must be able to do. The player keeps the queue and asks; an engine
// plays one track, knows the one after it, and is the only writer of its state.

import type { Witness } from '../core/driver.ts';
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
} from '../preferences.ts';
import type { EngineState, QueueTrack } from '../state.ts';
import type { ReadableStore, Unsubscribe } from '../store.ts';
import type { Seconds } from '../units.ts';

export interface LoadTrack {
  readonly position: Seconds;
  /** Start as soon as there is enough. */
  readonly play: boolean;
  /** As of `enqueue`. */
  readonly following: QueueTrack | null;
}

/** What the listener prefers and the server advises; what is left out stays as it was. */
export interface Advice {
  readonly preferences?: Preferences;
  readonly buffer?: BufferSettings;
  readonly hostLoad?: HostLoad;
  readonly estimate?: NetworkEstimate;
  readonly bounds?: Bounds;
  /** What the page knows of the network and the browser does not say. */
  readonly network?: Partial<NetworkDeclaration>;
}

/**
 * Every method asks; the answer is a change of `state`. When the sound goes on into what was
 * enqueued, `state.track` becomes it and nothing is enqueued any more.
 */
export interface AudioEngine extends ReadableStore<EngineState> {
  /** In the place of whatever plays; `null` for silence. */
  load(track: QueueTrack | null, options: LoadTrack): void;
  /** What follows, if possible without a gap; `null`: nothing. */
  enqueue(following: QueueTrack | null): void;
  /** After an error: tries again from where it was. */
  play(): void;
  pause(): void;
  /** Seconds from the start of the track. */
  seek(position: number): void;
  setMode(mode: Mode): void;
  /** Holds a quality for the present track, over the mode; `null` lets the mode hold again. */
  overrideQuality(quality: Quality | null): void;
  /** 1 is the music's own pace. */
  setRate(rate: number): void;
  /** 0 to 1. */
  setVolume(volume: number): void;
  mute(muted: boolean): void;
  setLeveling(leveling: Leveling): void;
  /** An engine that cannot leaves its state as it is. */
  setCrossfade(crossfade: Crossfade): void;
  /** An engine follows what it can. */
  advise(advice: Advice): void;
  /** Everything its decision core was told and answered; empty for an engine without one. */
  decisionLog(): string;
  /** Never called by an engine without a decision core. */
  watch(watcher: Witness): Unsubscribe;
  destroy(): void;
}
