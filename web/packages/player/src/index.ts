export type {
  CoreInput,
  CoreOutput,
  CoreRung,
  CoreSession,
  CoreSettings,
  CoreTrack,
  DecisionCore,
  DevicePressure,
} from './core/contract.ts';
export type { Clock, MediaElementPort, MediaSourceFactory } from './platform.ts';
export type { LoadOptions, Player, PlayerOptions } from './player.ts';
export {
  DEFAULT_BUFFER,
  DEFAULT_PREFERENCES,
  QUALITIES,
  type BufferSettings,
  type HostLoad,
  type Mode,
  type NetworkKind,
  type Preferences,
  type Quality,
} from './preferences.ts';
export { INITIAL_STATE } from './state.ts';
export type {
  BufferedRange,
  DecisionView,
  ErrorCode,
  PlayerError,
  PlayerState,
  QueueTrack,
  RungView,
  StallsView,
  Status,
} from './state.ts';
export type { ReadableStore, Unsubscribe } from './store.ts';
export type { Bytes, Kbps, Micros, Millis, Samples, Seconds } from './units.ts';
export { createPlayer } from './createPlayer.ts';
