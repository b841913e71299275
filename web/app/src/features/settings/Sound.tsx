import { QuickSyncSettings } from '@quicksync/react';

/** The documented settings panel, in the app's clothes. */
export function Sound() {
  return (
    <div className="quick-sync-panel">
      <QuickSyncSettings />
    </div>
  );
}
