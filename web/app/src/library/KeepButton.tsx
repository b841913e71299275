// Keeps an album, or any handful of tracks, on the device: offers it, shows how far it is, stops it.

import type { Track } from '../api/wire.ts';
import { useDownloads, useDownloadsState } from '../offline/OfflineContext.tsx';
import { useOfflineQuality } from '../offline/useOfflineQuality.ts';
import { queueTrack } from '../playback/queue.ts';
import { words } from '../strings/words.ts';
import { Button } from '../ui/Button.tsx';

export function KeepButton({ tracks }: { tracks: readonly Track[] }) {
  const downloads = useDownloads();
  const { status } = useDownloadsState();
  const quality = useOfflineQuality();
  const playable = tracks.filter(({ problem }) => problem === null);
  const stages = playable.map(({ id }) => downloads.find(id)?.stage);
  const kept = stages.filter((stage) => stage === 'kept').length;
  const isUnderWay = stages.some((stage) => stage === 'coming' || stage === 'waiting');
  if (status === 'missing' || playable.length === 0) return null;
  if (isUnderWay) {
    const unfinished = playable.filter((_, index) => stages[index] !== 'kept');
    return (
      <Button icon="close" onClick={() => downloads.remove(unfinished.map(({ id }) => id))}>
        <span className="numbers">{words.offline.progress(kept, playable.length)}</span>
        <span className="sr-only">{words.offline.stopAll}</span>
      </Button>
    );
  }
  if (kept === playable.length) {
    return (
      <Button
        icon="offline"
        aria-pressed="true"
        title={words.offline.remove}
        className="text-accent"
        onClick={() => downloads.remove(playable.map(({ id }) => id))}
      >
        {words.offline.keptAll}
      </Button>
    );
  }
  return (
    <Button
      icon="offline"
      aria-pressed="false"
      disabled={status === 'opening'}
      onClick={() => downloads.save(playable.map(queueTrack), quality)}
    >
      {words.offline.keepAll}
    </Button>
  );
}
