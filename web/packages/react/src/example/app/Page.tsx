// What the README shows, word for word.
import type { QueueTrack } from '@quicksync/player';
import {
  QuickSyncPlayer,
  QuickSyncStats,
  usePlayerState,
  useQuickSyncPlayer,
} from '@quicksync/react';

export function Page({ tracks }: { tracks: readonly QueueTrack[] }) {
  const player = useQuickSyncPlayer({ bufferDepth: 120 });
  const second = usePlayerState(player, (state) => Math.floor(state.position));
  if (!player) return null;
  return (
    <>
      <p>{second} s</p>
      <QuickSyncPlayer player={player} tracks={tracks} />
      <QuickSyncStats player={player} />
    </>
  );
}
