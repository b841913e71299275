// Everything a listener can see of the player. The engine alone writes its part, the queue the rest.

import type { CoreEstimate } from './core/contract.ts';
import type { Crossfade, Leveling, Mode, Quality } from './preferences.ts';
import { DEFAULT_BUFFER, NO_CROSSFADE, type BufferSettings } from './preferences.ts';
import { seconds, type Kbps, type Seconds } from './units.ts';

/** What the queue holds: enough to show a track and to ask for its manifest. */
export interface QueueTrack {
  readonly id: string;
  readonly title: string;
  readonly artist?: string;
  readonly album?: string;
  readonly albumId?: string;
  /** On its album, as far as it says where one track follows another. */
  readonly number?: number;
  readonly coverUrl?: string;
  /** Seconds; shown until the manifest says it exactly. */
  readonly duration?: number;
}

/**
 * `idle`: nothing loaded. `loading`: fetching the manifest or the first segments. `ready`: could
 * play, never started. `stalled`: wants to play and lacks media. `error`: see `error`.
 */
export type Status =
  'idle' | 'loading' | 'ready' | 'playing' | 'paused' | 'stalled' | 'ended' | 'error';

/** A quality and its nominal rate. */
export interface RungView {
  readonly quality: Quality;
  readonly bitrateKbps: Kbps;
}

/** A stretch of buffered media, in the track's own time. */
export interface BufferedRange extends RungView {
  readonly start: Seconds;
  readonly end: Seconds;
}

/** What the sound will change to, as far as it is known. */
export interface PendingSwitch extends RungView {
  /** Where in the track it begins to be heard. */
  readonly position: Seconds;
  /** False while it is still on its way. */
  readonly buffered: boolean;
}

/** The file on the server that the sound is made from. */
export interface SourceView {
  readonly codec: string;
  readonly bitrateKbps: Kbps;
  readonly sampleRateHz: number;
  /** Null where the format has none. */
  readonly bitsPerSample: number | null;
  readonly channels: number;
}

/** The way from the file to the ear; how fast and how good it is now is in `playing`. */
export interface SignalPath {
  /** Null where the server did not say. */
  readonly source: SourceView | null;
  /** Of the rendition that is played, as manifests name it. */
  readonly codec: string;
  readonly sampleRateHz: number;
  /** What the browser's decoder was opened for: a MIME type. */
  readonly decoder: string;
  readonly delivery: 'network' | 'stored';
}

export interface DecisionView {
  readonly quality: Quality;
  /** A stable word. */
  readonly code: string;
  /** One sentence for a person, without a full stop. */
  readonly reason: string;
  /** Where in the track it begins to be heard, if anywhere. */
  readonly position: Seconds | null;
}

export interface StallsView {
  readonly count: number;
  readonly total: Seconds;
}

/**
 * `offline` and `blocked` mend themselves or with the next play(); the others end the track.
 * `blocked`: the browser wants a gesture before sound.
 */
export type ErrorCode =
  'offline' | 'blocked' | 'unauthorized' | 'unavailable' | 'unsupported' | 'decode';

export interface PlayerError {
  readonly code: ErrorCode;
  /** One sentence for a person. */
  readonly message: string;
}

/** Everything but the queue. */
export interface EngineState {
  readonly status: Status;
  /** Whether the listener wants sound, whatever the network says. */
  readonly wantsToPlay: boolean;
  readonly track: QueueTrack | null;
  readonly position: Seconds;
  readonly duration: Seconds;
  readonly buffered: readonly BufferedRange[];
  /** The rung under the playhead. */
  readonly playing: RungView | null;
  /** The rung being fetched now. */
  readonly fetching: RungView | null;
  readonly pending: PendingSwitch | null;
  readonly signal: SignalPath | null;
  /** The last decision of the core. */
  readonly decision: DecisionView | null;
  readonly mode: Mode;
  /** The best quality that the listener's rules allow here; null for any. */
  readonly cap: Quality | null;
  /** The quality held for this track alone, over the mode. */
  readonly override: Quality | null;
  /** The buffer settings in force. */
  readonly buffer: BufferSettings;
  /** How far ahead of the playhead is fetched now. */
  readonly reach: Seconds;
  readonly stalls: StallsView;
  /** Rate of the last transfer. */
  readonly throughput: Kbps | null;
  /** What the core expects of the network, and how sure it is. */
  readonly estimate: CoreEstimate | null;
  readonly volume: number;
  readonly leveling: Leveling;
  readonly crossfade: Crossfade;
  readonly muted: boolean;
  /** 1 is the music's own pace. */
  readonly rate: number;
  readonly error: PlayerError | null;
}

/** A track that was passed over because it cannot be played. */
export interface SkippedTrack {
  readonly track: QueueTrack;
  readonly error: PlayerError;
}

export interface PlayerState extends EngineState {
  readonly queue: readonly QueueTrack[];
  /** -1 before anything was loaded. */
  readonly index: number;
  /** The last one, until the listener chooses another track. */
  readonly skipped: SkippedTrack | null;
}

export const INITIAL_ENGINE_STATE: EngineState = {
  status: 'idle',
  wantsToPlay: false,
  track: null,
  position: seconds(0),
  duration: seconds(0),
  buffered: [],
  playing: null,
  fetching: null,
  pending: null,
  signal: null,
  decision: null,
  mode: 'auto',
  cap: null,
  override: null,
  buffer: DEFAULT_BUFFER,
  reach: seconds(DEFAULT_BUFFER.max_buffer_size),
  stalls: { count: 0, total: seconds(0) },
  throughput: null,
  estimate: null,
  volume: 1,
  leveling: 'off',
  crossfade: NO_CROSSFADE,
  muted: false,
  rate: 1,
  error: null,
};

export const INITIAL_STATE: PlayerState = {
  ...INITIAL_ENGINE_STATE,
  queue: [],
  index: -1,
  skipped: null,
};
