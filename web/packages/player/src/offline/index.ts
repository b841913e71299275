export type { StoredTrack, StoredTracks } from '../engine/stored.ts';
export { openOfflineStore, type OfflineOptions } from './open.ts';
export { isGoodNetwork, upgradeOffline, type UpgradeOptions } from './upgrade.ts';
export {
  OfflineError,
  type OfflineErrorCode,
  type OfflineStore,
  type OfflineTrack,
  type OfflineUsage,
  type SaveOptions,
  type SaveProgress,
} from './types.ts';
