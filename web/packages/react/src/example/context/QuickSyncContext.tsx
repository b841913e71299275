// Where the documented example expects the context to be.
export { QuickSyncProvider, useQuickSync } from '@quicksync/react';
