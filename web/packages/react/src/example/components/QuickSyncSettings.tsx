// Where the documented example expects the component to be.
export { default } from '@quicksync/react/components/QuickSyncSettings';
