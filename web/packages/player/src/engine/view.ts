// What a listener is shown of the engine. Reads, never writes.

import {
  INITIAL_ENGINE_STATE,
  type EngineState,
  type PendingSwitch,
  type PlayerError,
  type Status,
} from '../state.ts';
import { seconds, type Seconds } from '../units.ts';
import type { TrackRun } from './trackRun.ts';

export interface Facts {
  readonly state: Pick<EngineState, 'track' | 'wantsToPlay' | 'error'>;
  readonly sound: { readonly released: boolean; readonly stalled: boolean };
  readonly everPlayed: boolean;
  readonly ended: boolean;
  /** The present track is the one shown. */
  readonly ready: boolean;
}

/** Whether the track is over with it. */
export const isFatal = (error: PlayerError | null): boolean =>
  error !== null && error.code !== 'offline' && error.code !== 'blocked';

export function statusOf({ state, sound, everPlayed, ended, ready }: Facts): Status {
  if (!state.track) return 'idle';
  if (isFatal(state.error)) return 'error';
  if (ended) return 'ended';
  if (state.wantsToPlay) {
    if (sound.released) return 'playing';
    return sound.stalled ? 'stalled' : 'loading';
  }
  if (everPlayed) return 'paused';
  return ready ? 'ready' : 'loading';
}

export const BLOCKED: PlayerError = {
  code: 'blocked',
  message: 'The browser wants you to press play before it makes a sound.',
};

/** So many failures in a row are no hiccup. */
const OFFLINE_AFTER = 2;

/** The error to show after so many failures in a row. */
export function withFailures(error: PlayerError | null, failures: number): PlayerError | null {
  if (failures === 0 && error?.code === 'offline') return null;
  if (failures < OFFLINE_AFTER || error) return error;
  return { code: 'offline', message: 'The server cannot be reached; trying again.' };
}

type RunView = Pick<
  EngineState,
  'position' | 'duration' | 'buffered' | 'playing' | 'fetching' | 'pending' | 'signal'
>;

/** Where the sound changes next: to what is buffered behind it, or to what is fetched behind that. */
function pendingOf(run: TrackRun, position: Seconds): PendingSwitch | null {
  const { map, timeline } = run;
  const playing = map.at(position);
  if (!playing) return null;
  const end = seconds(position + map.ahead(position));
  const change = map.ranges.find(
    ({ start, quality }) => start > position && start < end && quality !== playing.quality,
  );
  if (change) {
    const { start, quality, bitrateKbps } = change;
    return { quality, bitrateKbps, position: start, buffered: true };
  }
  const missing = timeline.segmentAt(end);
  const coming = map.has(missing) ? null : run.coming(missing);
  if (!coming || coming.quality === playing.quality) return null;
  return { ...coming, position: timeline.segmentSpan(missing).start, buffered: false };
}

/** The value before, where the one now says the same: whoever watches it is left alone. */
function kept<Value extends object>(before: Value | null, now: Value | null): Value | null {
  if (!before || !now) return now;
  const keys = Object.keys({ ...before, ...now }) as (keyof Value)[];
  return keys.every((key) => Object.is(before[key], now[key])) ? before : now;
}

/** What is shown of the present track; of one that is not there yet, what was shown before. */
export function viewOf(run: TrackRun | null, next: TrackRun | null, before: EngineState): RunView {
  if (!run) {
    const { buffered, playing, fetching, pending, signal } = INITIAL_ENGINE_STATE;
    const { position, track } = before;
    const duration = seconds(track?.duration ?? 0);
    return { position, duration, buffered, playing, fetching, pending, signal };
  }
  const { duration } = run.timeline;
  const position = seconds(Math.min(Math.max(0, run.position), duration));
  return {
    position,
    duration,
    buffered: run.map.ranges,
    playing: run.map.at(position),
    fetching: kept(before.fetching, run.fetching ?? next?.fetching ?? null),
    pending: kept(before.pending, pendingOf(run, position)),
    signal: run.signal,
  };
}
