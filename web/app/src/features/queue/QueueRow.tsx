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
  /** Whether the Tab key stops here. */
  readonly isStop: boolean;
}

export function QueueRow({ track, at, current, isStop }: QueueRowProps) {
  const player = usePlayer();
  const isCurrent = at === current;
  const tabIndex = isStop ? undefined : -1;
  return (
    <div className="flex items-center gap-1 border-b border-line/60">
      <button
        type="button"
        tabIndex={tabIndex}
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
        <span className="numbers text-sm text-soft max-sm:hidden">
          {clock(track.duration ?? 0)}
        </span>
      </button>
      {!isCurrent && <Edits title={track.title} at={at} current={current} tabIndex={tabIndex} />}
    </div>
  );
}

interface EditsProps {
  readonly title: string;
  readonly at: number;
  readonly current: number;
  readonly tabIndex: number | undefined;
}

/** Moves what comes next and takes out anything but the playing track. */
function Edits({ title, at, current, tabIndex }: EditsProps) {
  const player = usePlayer();
  const { length } = player.state.queue;
  const change = (edit: (queue: Queue) => Queue) => () => {
    const { queue, index } = edit(player.state);
    player.updateQueue(queue, index);
  };
  const shape = { size: 16, tabIndex, className: 'max-sm:size-9' };
  return (
    <>
      {at > current && (
        <>
          <IconButton
            icon="up"
            label={words.queue.up(title)}
            disabled={at === current + 1}
            onClick={change((queue) => moved(queue, at, -1))}
            {...shape}
          />
          <IconButton
            icon="down"
            label={words.queue.down(title)}
            disabled={at === length - 1}
            onClick={change((queue) => moved(queue, at, 1))}
            {...shape}
          />
        </>
      )}
      <IconButton
        icon="close"
        label={words.queue.remove(title)}
        onClick={change((queue) => without(queue, at))}
        {...shape}
      />
    </>
  );
}
