// The decision core's surroundings, for those who drive it with a player of their own.

export { CoreDriver, type CoreAction, type Witness } from './core/driver.ts';
export { networkKind, watchHints, type HintScope } from './engine/hints.ts';
export { coreConfig, limits, type Settings } from './engine/settings.ts';
export { watchCache, type CacheWatch } from './net/cacheWatch.ts';
export { browserClock, type Clock } from './platform.ts';
export { bytes, micros, secondsToMicros, seconds, type Bytes, type Micros } from './units.ts';
