import { QuickSyncSettings } from '@quicksync/react';

import { language } from '../../strings/language.ts';

/** The documented settings panel, in the app's clothes. */
export function Sound() {
  return (
    <div className="quick-sync-panel">
      <QuickSyncSettings language={language} />
    </div>
  );
}
