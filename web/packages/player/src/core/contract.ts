// What the engine tells the decision core and what the core answers. The core is a state machine
// without a clock: one input, then drain its outputs until it is idle. The engine adds nothing of
// its own between an output and the deed.

import type {
  BufferSettings,
  HostLoad,
  NetworkKind,
  Preferences,
  Quality,
} from '../preferences.ts';
import type { Bytes, Kbps, Micros, Millis, Samples } from '../units.ts';

/** One step of the ladder, lowest first. */
export interface CoreRung {
  readonly quality: Quality;
  readonly bitrateKbps: Kbps;
  /** Of every segment but the last. */
  readonly segmentBytes: Bytes;
}

export interface CoreTrack {
  readonly samples: Samples;
  readonly segmentSamples: Samples;
  readonly segments: number;
  readonly ladder: readonly CoreRung[];
  readonly startQuality: Quality;
}

/** What steers a session; any of it may change while it runs. */
export interface CoreSettings {
  readonly preferences: Preferences;
  readonly buffer: BufferSettings;
  readonly networkKind: NetworkKind;
}

export type DevicePressure = 'nominal' | 'fair' | 'serious' | 'critical';

export type CoreInput =
  | { readonly type: 'segment_requested'; readonly segment: number; readonly rung: number }
  /** `total` counts from the start of this request. */
  | { readonly type: 'bytes_received'; readonly segment: number; readonly total: Bytes }
  | {
      readonly type: 'segment_completed';
      readonly segment: number;
      readonly total: Bytes;
      /** From the request to its first byte. */
      readonly firstByte: Millis;
    }
  | { readonly type: 'segment_failed'; readonly segment: number }
  /** It was buffered and no longer is. */
  | { readonly type: 'segment_evicted'; readonly segment: number }
  /** Negative while the track before it still plays. */
  | { readonly type: 'playhead_at'; readonly position: Samples }
  | { readonly type: 'play_requested' }
  | { readonly type: 'pause_requested' }
  | { readonly type: 'stall_started' }
  | { readonly type: 'stall_ended' }
  | { readonly type: 'seeked'; readonly position: Samples }
  | { readonly type: 'settings_changed'; readonly settings: CoreSettings }
  | { readonly type: 'host_load'; readonly load: HostLoad }
  | { readonly type: 'device_pressure'; readonly pressure: DevicePressure }
  | { readonly type: 'network_changed'; readonly kind: NetworkKind }
  | { readonly type: 'timeout' };

interface Reasoned {
  /** One sentence for a person. */
  readonly reason: string;
}

export type CoreOutput =
  | (Reasoned & { readonly type: 'fetch'; readonly segment: number; readonly rung: number })
  /** Fetch a buffered segment again at another rung and put it in the place of the old one. */
  | (Reasoned & { readonly type: 'replace'; readonly segment: number; readonly rung: number })
  | (Reasoned & { readonly type: 'abandon'; readonly segment: number })
  | (Reasoned & { readonly type: 'prefetch_next' })
  /** Start, or resume after a stall. */
  | (Reasoned & { readonly type: 'play' })
  | { readonly type: 'idle'; readonly wakeAt: Micros | null };

/** The decisions of one track's playback. */
export interface CoreSession {
  handle(now: Micros, input: CoreInput): void;
  /** The next output; `idle` when there is none left. */
  poll(): CoreOutput;
  /** Everything told and answered so far, replayable elsewhere to the same decisions. */
  log(): string;
  free(): void;
}

export interface DecisionCore {
  /** `previous` is the session whose knowledge of the network the new one starts from. */
  begin(
    settings: CoreSettings,
    track: CoreTrack,
    now: Micros,
    previous: CoreSession | null,
  ): CoreSession;
}
