import type { QueueTrack } from '@quicksync/player';

import { usePlayer } from '../../playback/PlayerContext.tsx';
import { words } from '../../strings/words.ts';
import { clock } from '../../strings/time.ts';
import { IconButton } from '../../ui/Button.tsx';
import { Cover } from '../../ui/Cover.tsx';
import { cx } from '../../ui/cx.ts';
import { moved, without, type Queue } from './edit.ts';

interface QueueRowProps {
  readonly track: QueueTrack;
  readonly at: number;
  /** Index of the track that plays. */
  readonly current: number;
}

export function QueueRow({ track, at, current }: QueueRowProps) {
  const player = usePlayer();
  const isCurrent = at === current;
  const change = (edit: (queue: Queue) => Queue) => () => {
    const { queue, index } = edit(player.state);
    player.updateQueue(queue, index);
  };
  const { length } = player.state.queue;
  return (
    <li className="flex items-center gap-1 border-b border-line/60">
      <button
        type="button"
        aria-label={words.library.playTrack(track.title)}
        aria-current={isCurrent ? 'true' : undefined}
        onClick={() => player.load(player.state.queue, at, { play: true })}
        className="flex min-h-14 min-w-0 flex-1 items-center gap-4 py-1.5 text-left"
      >
        <Cover
          url={track.coverUrl ?? null}
          title={track.album ?? track.title}
          className="size-11 shrink-0"
        />
        <span className="grid min-w-0 flex-1">
          <span className={cx('truncate', isCurrent ? 'font-semibold text-accent' : 'font-medium')}>
            {track.title}
          </span>
          <span className="truncate text-sm text-soft">{track.artist}</span>
        </span>
        <span className="numbers text-sm text-soft">{clock(track.duration ?? 0)}</span>
      </button>
      {at > current && (
        <>
          <IconButton
            icon="up"
            size={16}
            label={words.queue.up(track.title)}
            disabled={at === current + 1}
            className="max-md:hidden"
            onClick={change((queue) => moved(queue, at, -1))}
          />
          <IconButton
            icon="down"
            size={16}
            label={words.queue.down(track.title)}
            disabled={at === length - 1}
            className="max-md:hidden"
            onClick={change((queue) => moved(queue, at, 1))}
          />
        </>
      )}
      {!isCurrent && (
        <IconButton
          icon="close"
          size={16}
          label={words.queue.remove(track.title)}
          onClick={change((queue) => without(queue, at))}
        />
      )}
    </li>
  );
}
