// What the README shows, word for word.
import { useQuickSync } from '@quicksync/react/context/QuickSyncContext';
import QuickSyncSettings from '@quicksync/react/components/QuickSyncSettings';

export function Settings() {
  const { status } = useQuickSync();
  return (
    <>
      <p>{status?.network.speed_mbps} Mbps</p>
      <QuickSyncSettings language="de" />
    </>
  );
}
