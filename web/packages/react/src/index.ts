export {
  QuickSyncProvider,
  useQuickSync,
  type QuickSyncProviderProps,
} from './context/QuickSyncContext.tsx';
export { usePlayerSync, type SyncedPlayer } from './context/usePlayerSync.ts';
export { QuickSyncSettings, type QuickSyncSettingsProps } from './components/QuickSyncSettings.tsx';
export { QuickSyncPlayer, type QuickSyncPlayerProps } from './player/QuickSyncPlayer.tsx';
export { useQuickSyncPlayer, type QuickSyncPlayerOptions } from './player/useQuickSyncPlayer.ts';
export { usePlayerState } from './player/usePlayerState.ts';
export { QuickSyncStats, type QuickSyncStatsProps } from './stats/QuickSyncStats.tsx';
export { reasonIn } from './words/reasons.ts';
export { QuickSyncError } from './api/client.ts';
export type {
  QuickSyncBounds,
  QuickSyncContextType,
  QuickSyncDevice,
  QuickSyncMode,
  QuickSyncPreferences,
  QuickSyncStatus,
  QuickSyncTestResult,
} from './types.ts';
