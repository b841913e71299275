// One track in a list. The whole row is a button to play it; its menu stands beside.

import type { PlayerState } from '@quicksync/player';
import { useCallback } from 'react';

import type { Track } from '../api/wire.ts';
import { usePlayerState } from '../playback/PlayerContext.tsx';
import { words } from '../strings/words.ts';
import { clock } from '../strings/time.ts';
import { Cover, coverUrl } from '../ui/Cover.tsx';
import { cx } from '../ui/cx.ts';
import { Ladder } from '../ui/Ladder.tsx';
import { KeptMark } from './KeptMark.tsx';
import { TrackMenu } from './TrackMenu.tsx';

interface TrackRowProps {
  readonly track: Track;
  readonly onPlay: () => void;
  /** Its cover and artist (lists of many albums), or its number (an album's own list). */
  readonly lead: 'cover' | 'number';
  /** An artist that goes without saying. */
  readonly knownArtist?: string | undefined;
  /** Whether the Tab key stops here; it does if not given. */
  readonly isStop?: boolean;
}

export function TrackRow({ track, onPlay, lead, knownArtist, isStop = true }: TrackRowProps) {
  const isCurrent = useIsCurrent(track.id);
  const under = subtitle(track, lead, knownArtist);
  return (
    <div className="group flex items-center gap-1 border-b border-line/60">
      <button
        type="button"
        tabIndex={isStop ? undefined : -1}
        onClick={onPlay}
        disabled={track.problem !== null}
        aria-label={words.library.playTrack(track.title)}
        aria-current={isCurrent ? 'true' : undefined}
        className="flex min-h-14 min-w-0 flex-1 items-center gap-4 py-1.5 text-left disabled:text-faint"
      >
        <Lead track={track} lead={lead} isCurrent={isCurrent} />
        <span
          className={cx(
            'grid min-w-0 flex-1 md:items-center md:gap-6',
            under && 'md:grid-cols-[3fr_2fr]',
          )}
        >
          <span className={cx('truncate', isCurrent ? 'font-semibold text-accent' : 'font-medium')}>
            {track.title}
          </span>
          {under && <span className="truncate text-sm text-soft">{under}</span>}
        </span>
        <KeptMark trackId={track.id} />
        <span className="numbers text-sm text-soft">{clock(track.duration_s ?? 0)}</span>
      </button>
      <TrackMenu track={track} isStop={isStop} />
    </div>
  );
}

function subtitle(track: Track, lead: TrackRowProps['lead'], knownArtist?: string): string {
  const artist = track.artist || words.library.unknownArtist;
  if (track.problem) return track.problem;
  if (artist === knownArtist) return '';
  return lead === 'number' || !track.album ? artist : `${artist} – ${track.album}`;
}

function useIsCurrent(id: string): boolean {
  const select = useCallback((state: PlayerState) => state.track?.id === id, [id]);
  return usePlayerState(select);
}

interface LeadProps {
  readonly track: Track;
  readonly lead: TrackRowProps['lead'];
  readonly isCurrent: boolean;
}

function Lead({ track, lead, isCurrent }: LeadProps) {
  if (lead === 'cover') {
    const url = coverUrl(track.cover_url, 96);
    return <Cover url={url} title={track.album || track.title} className="size-11 shrink-0" />;
  }
  return (
    <span className="numbers w-7 shrink-0 text-right text-sm text-faint">
      {isCurrent ? <Ladder step={4} className="h-3.5 text-accent" /> : track.track_number}
    </span>
  );
}
