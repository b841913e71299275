export {
  QuickSyncProvider,
  useQuickSync,
  type QuickSyncProviderProps,
} from './context/QuickSyncContext.tsx';
export { usePlayerSync, type SyncedPlayer } from './context/usePlayerSync.ts';
export { QuickSyncSettings, type QuickSyncSettingsProps } from './components/QuickSyncSettings.tsx';
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
