import type { PlayerState } from '@quicksync/player';
import { useCallback } from 'react';

import type { Download } from '../../offline/downloads.ts';
import { useDownloads } from '../../offline/OfflineContext.tsx';
import { usePlayer, usePlayerState } from '../../playback/PlayerContext.tsx';
import { size } from '../../strings/size.ts';
import { words } from '../../strings/words.ts';
import { IconButton } from '../../ui/Button.tsx';
import { Cover } from '../../ui/Cover.tsx';
import { cx } from '../../ui/cx.ts';

const { library } = words;

interface OfflineRowProps {
  readonly download: Download;
  /** What is kept: the queue if this one is played. */
  readonly playable: readonly Download[];
  /** Whether the Tab key stops here. */
  readonly isStop: boolean;
}

export function OfflineRow({ download, playable, isStop }: OfflineRowProps) {
  const player = usePlayer();
  const downloads = useDownloads();
  const { track, stage } = download;
  const isCurrent = usePlayerState(
    useCallback((state: PlayerState) => state.track?.id === track.id, [track.id]),
  );
  const isKept = stage === 'kept';
  const play = () => {
    const queue = playable.map((one) => one.track);
    player.load(queue, Math.max(0, playable.indexOf(download)), { play: true });
  };
  return (
    <div className="relative flex items-center gap-1 border-b border-line/60">
      <button
        type="button"
        tabIndex={isStop ? undefined : -1}
        onClick={play}
        disabled={!isKept}
        aria-label={library.playTrack(track.title)}
        aria-current={isCurrent ? 'true' : undefined}
        className="flex min-h-14 min-w-0 flex-1 items-center gap-4 py-1.5 text-left"
      >
        <Cover
          url={track.coverUrl ?? null}
          title={track.album ?? track.title}
          className="size-11 shrink-0"
        />
        <span className="grid min-w-0 flex-1 md:grid-cols-[3fr_2fr] md:items-center md:gap-6">
          <span className={cx('truncate', isCurrent ? 'font-semibold text-accent' : 'font-medium')}>
            {track.title}
          </span>
          <span className="truncate text-sm text-soft">{subtitle(download)}</span>
        </span>
        <span className="numbers text-sm whitespace-nowrap text-soft">
          {words.quality.names[download.quality]}
          {isKept && <span className="max-sm:hidden">, {size(download.bytes)}</span>}
        </span>
      </button>
      <IconButton
        icon="close"
        size={16}
        tabIndex={isStop ? undefined : -1}
        label={
          isKept ? words.offline.removeTrack(track.title) : words.offline.stopTrack(track.title)
        }
        onClick={() => downloads.remove([track.id])}
      />
      {stage === 'coming' && <Bar share={download.share} />}
    </div>
  );
}

function subtitle({ track, stage, share, problem }: Download): string {
  if (stage === 'kept') return [track.artist, track.album].filter(Boolean).join(' – ');
  if (stage === 'failed') return problem ?? words.offline.failed;
  return stage === 'waiting'
    ? words.offline.waiting
    : words.offline.coming(Math.round(share * 100));
}

/** How far it is, as a line below the row; the words beside it say it too. */
function Bar({ share }: { share: number }) {
  return (
    <span
      aria-hidden="true"
      className="absolute inset-x-0 bottom-[-1px] h-[2px] origin-left bg-accent transition-transform"
      style={{ transform: `scaleX(${share})` }}
    />
  );
}
