// What a listener is shown of the engine. Reads, never writes.

import { INITIAL_ENGINE_STATE, type EngineState, type PlayerError, type Status } from '../state.ts';
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

type RunView = Pick<EngineState, 'position' | 'duration' | 'buffered' | 'playing' | 'fetching'>;

/** What is shown of the present track; `wanted` is where it will begin while it is not there yet. */
export function viewOf(
  run: TrackRun | null,
  next: TrackRun | null,
  wanted: { readonly position: Seconds; readonly duration: Seconds },
): RunView {
  if (!run) {
    const { buffered, playing, fetching } = INITIAL_ENGINE_STATE;
    return { ...wanted, buffered, playing, fetching };
  }
  const { duration } = run.timeline;
  const position = seconds(Math.min(Math.max(0, run.position), duration));
  return {
    position,
    duration,
    buffered: run.map.ranges,
    playing: run.map.at(position),
    fetching: run.fetching ?? next?.fetching ?? null,
  };
}
