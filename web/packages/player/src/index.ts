export type {
  CoreConfig,
  CoreEstimate,
  CoreInput,
  CoreLimits,
  CoreOutput,
  CoreSession,
  DecisionCore,
  NetworkPrior,
  SegmentKey,
  SegmentLadder,
} from './core/contract.ts';
export type { CoreAction, Witness } from './core/driver.ts';
export type { Clock, MediaElementPort, MediaSourceFactory } from './platform.ts';
export type { Advice, AudioEngine, LoadTrack } from './engine/audioEngine.ts';
export type { EngineOptions, LoadOptions, Player, PlayerOptions } from './player.ts';
export {
  DEFAULT_BUFFER,
  DEFAULT_PREFERENCES,
  NO_CROSSFADE,
  QUALITIES,
  type Bounds,
  type BufferSettings,
  type Crossfade,
  type DevicePressure,
  type HostLoad,
  type Leveling,
  type Mode,
  type NetworkDeclaration,
  type NetworkEstimate,
  type NetworkKind,
  type Preferences,
  type Quality,
} from './preferences.ts';
export type { StoredTrack, StoredTracks } from './engine/stored.ts';
export { INITIAL_ENGINE_STATE, INITIAL_STATE } from './state.ts';
export type {
  BufferedRange,
  DecisionView,
  EngineState,
  ErrorCode,
  PendingSwitch,
  PlayerError,
  PlayerState,
  QueueTrack,
  RungView,
  SignalPath,
  SkippedTrack,
  SourceView,
  StallsView,
  Status,
} from './state.ts';
export type { ReadableStore, Unsubscribe } from './store.ts';
export type { Bytes, Kbps, Micros, Millis, Samples, Seconds } from './units.ts';
export { createPlayer, playerOver, reporting } from './createPlayer.ts';
export type { Fader, Fading } from './engine/decks.ts';
export type { CmcdMode } from './net/cmcd.ts';
export type { ServerOptions } from './net/server.ts';
export { createMseEngine } from './engine/createMseEngine.ts';
export { createStore, type Store } from './store.ts';
export { deviceId } from './net/device.ts';
export { DEVICE_HEADER } from './net/api.ts';
