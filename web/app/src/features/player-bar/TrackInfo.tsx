import type { PlayerState } from '@quicksync/player';

import { usePlayerState } from '../../playback/PlayerContext.tsx';
import { words } from '../../strings/words.ts';
import { Cover } from '../../ui/Cover.tsx';

const trackOf = (state: PlayerState) => state.track;

/** Cover, title and artist; a button that opens the whole player. */
export function TrackInfo({ onOpen }: { onOpen: () => void }) {
  const track = usePlayerState(trackOf);
  if (!track) return <p className="flex-1 px-1 text-sm text-faint">{words.player.nothing}</p>;
  return (
    <button
      type="button"
      onClick={onOpen}
      aria-label={`${words.player.open}. ${words.player.nowPlaying(track.title, track.artist ?? '')}`}
      className="flex min-w-0 flex-1 items-center gap-3.5 text-left"
    >
      <Cover
        url={track.coverUrl ?? null}
        title={track.album ?? track.title}
        className="size-11 shrink-0 md:size-14"
        eager
      />
      <span className="grid min-w-0">
        <span className="truncate leading-tight font-semibold">{track.title}</span>
        <span className="truncate text-sm text-soft">{track.artist}</span>
      </span>
    </button>
  );
}
