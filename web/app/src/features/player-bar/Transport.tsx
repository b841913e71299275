import type { PlayerState } from '@quicksync/player';

import { usePlayer, usePlayerState } from '../../playback/PlayerContext.tsx';
import { words } from '../../strings/words.ts';
import { IconButton } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { Icon } from '../../ui/Icon.tsx';

const wantsToPlay = (state: PlayerState) => state.wantsToPlay;
const isWaiting = (state: PlayerState) => state.status === 'stalled' || state.status === 'loading';
const hasTrack = (state: PlayerState) => state.track !== null;
const hasNext = (state: PlayerState) => state.index + 1 < state.queue.length;

export function PlayButton({ large = false }: { large?: boolean }) {
  const player = usePlayer();
  const playing = usePlayerState(wantsToPlay);
  const waiting = usePlayerState(isWaiting);
  const enabled = usePlayerState(hasTrack);
  return (
    <button
      type="button"
      disabled={!enabled}
      aria-label={playing ? words.player.pause : words.player.play}
      onClick={() => (playing ? player.pause() : player.play())}
      className={cx(
        'grid shrink-0 place-items-center rounded-full bg-accent text-on-accent transition-opacity hover:opacity-90 disabled:opacity-35',
        large ? 'size-18' : 'size-11',
        playing && waiting && 'animate-[breathe_1.2s_ease-in-out_infinite]',
      )}
    >
      <Icon name={playing ? 'pause' : 'play'} size={large ? 30 : 20} />
    </button>
  );
}

export function Transport({ large = false }: { large?: boolean }) {
  const player = usePlayer();
  const enabled = usePlayerState(hasTrack);
  const more = usePlayerState(hasNext);
  const size = large ? 26 : 20;
  return (
    <div className={cx('flex items-center', large ? 'gap-6' : 'gap-2')}>
      <IconButton
        icon="previous"
        size={size}
        label={words.player.previous}
        disabled={!enabled}
        onClick={() => player.previous()}
      />
      <PlayButton large={large} />
      <IconButton
        icon="next"
        size={size}
        label={words.player.next}
        disabled={!more}
        onClick={() => player.next()}
      />
    </div>
  );
}
