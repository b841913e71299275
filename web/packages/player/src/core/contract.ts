// What the engine tells the decision core and what the core answers. The core is a state machine
// without a clock: one input, then drain its outputs until it is idle. The engine adds nothing of
// its own between an output and the deed.

import type { DevicePressure, HostLoad, Mode, NetworkKind, Quality } from '../preferences.ts';
import type { Bytes, Kbps, Micros, Seconds } from '../units.ts';

/** The engine's own number for an entry of its queue; a track played twice has two. */
export type TrackNumber = number;

export interface SegmentKey {
  readonly track: TrackNumber;
  /** Counted from 0. */
  readonly index: number;
}

/** The segments of one track at every quality it offers. */
export interface SegmentLadder {
  readonly segmentUs: Micros;
  readonly durationUs: Micros;
  /** Of one full segment. */
  readonly segmentBytes: Readonly<Partial<Record<Quality, Bytes>>>;
}

/** What bounds a session; may change while it runs. */
export interface CoreLimits {
  readonly mode: Mode;
  readonly preferQuality: boolean;
  readonly adaptToSystem: boolean;
  readonly networkKind: NetworkKind;
  /** That may still be used from now on; none for no budget. */
  readonly budget?: Bytes | null;
  /** Nothing better is fetched, in a manual mode neither; none for anything. */
  readonly cap?: Quality | null;
  /** Filled to this before play, if preload is `auto`. */
  readonly target: Seconds;
  /** Fetching stops here where bytes cost money. */
  readonly max: Seconds;
  /** Below this nothing is upgraded. */
  readonly low: Seconds;
  /** Fetching stops here elsewhere. */
  readonly depth: Seconds;
}

/** What is believed of a network before a byte was received; a mean of zero is no belief. */
export interface NetworkPrior {
  readonly meanMbps: number;
  /** From 0, a guess, to 1, as good as a minute of playback. */
  readonly confidence: number;
}

export interface CoreConfig {
  readonly limits: CoreLimits;
  readonly preload: 'metadata' | 'auto';
  readonly startQuality: Quality;
  readonly prior: NetworkPrior;
}

interface OfTransfer {
  readonly segment: SegmentKey;
  readonly quality: Quality;
}

interface OfPlayhead {
  readonly track: TrackNumber;
  readonly positionUs: Micros;
}

export type CoreInput =
  | { readonly type: 'play_pressed' }
  | { readonly type: 'pause_pressed' }
  | (OfTransfer & { readonly type: 'segment_requested' })
  /** `bytes` counts from the start of this request. */
  | (OfTransfer & { readonly type: 'bytes_received'; readonly bytes: Bytes })
  | (OfTransfer & {
      readonly type: 'segment_completed';
      readonly bytes: Bytes;
      /** It never crossed the network: it says nothing about it. */
      readonly cached: boolean;
    })
  /** It is buffered without a transfer of this session. */
  | (OfTransfer & { readonly type: 'segment_held' })
  | { readonly type: 'segment_evicted'; readonly segment: SegmentKey }
  | (OfTransfer & { readonly type: 'segment_failed'; readonly failure: 'transient' | 'missing' })
  | (OfPlayhead & { readonly type: 'playhead_at' })
  | { readonly type: 'stall_started' }
  | { readonly type: 'stall_ended' }
  /** The engine holds the sound until `play`, which follows at once if enough is there. */
  | (OfPlayhead & { readonly type: 'seeked' })
  | {
      readonly type: 'next_track';
      readonly next: { readonly track: TrackNumber; readonly ladder: SegmentLadder } | null;
    }
  | { readonly type: 'cap_changed'; readonly limits: CoreLimits }
  | { readonly type: 'host_load'; readonly load: HostLoad }
  | { readonly type: 'device_pressure'; readonly pressure: DevicePressure }
  | { readonly type: 'network_changed'; readonly kind: NetworkKind; readonly prior: NetworkPrior }
  | { readonly type: 'timeout' };

interface Reasoned {
  /** A stable word. */
  readonly code: string;
  /** One sentence for a person, without a full stop. */
  readonly reason: string;
}

export type CoreOutput = Reasoned &
  (
    | (OfTransfer & {
        /** `replace`: of a segment that is buffered; `prefetch`: of the next track. */
        readonly type: 'fetch' | 'replace' | 'prefetch' | 'abandon';
      })
    /** Let the sound run. */
    | { readonly type: 'play' }
    | { readonly type: 'idle'; readonly wakeAt: Micros | null }
  );

/** What the core expects of the next transfer, bytes under way included. */
export interface CoreEstimate {
  readonly expectedKbps: Kbps;
  /** A tenth of transfers should be slower. */
  readonly lowKbps: Kbps;
  /** A tenth should be faster. */
  readonly highKbps: Kbps;
  /** From a request to its first byte. */
  readonly latency: Seconds;
  /** Of the time of late transfers, what went by in outages; 0 to 1. */
  readonly outageShare: number;
}

/** The decisions of one listener's playback. */
export interface CoreSession {
  handle(now: Micros, input: CoreInput): void;
  /** The next output; `idle` when there is none left. */
  poll(): CoreOutput;
  /** What is believed of the network now; nothing before the first transfer and without a prior. */
  estimate(): CoreEstimate | null;
  /** Everything told and answered so far, replayable elsewhere to the same decisions. */
  log(): string;
  free(): void;
}

export interface DecisionCore {
  /** A session about to play `track`, of which nothing is held. */
  begin(config: CoreConfig, track: TrackNumber, ladder: SegmentLadder, now: Micros): CoreSession;
}
