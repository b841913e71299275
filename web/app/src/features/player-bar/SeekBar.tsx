import type { PlayerState } from '@quicksync/player';
import * as Slider from '@radix-ui/react-slider';
import { useState } from 'react';

import { usePlayer, usePlayerState } from '../../playback/PlayerContext.tsx';
import { words } from '../../strings/words.ts';
import { clock } from '../../strings/time.ts';
import { cx } from '../../ui/cx.ts';
import { Terrain } from './Terrain.tsx';

const positionOf = (state: PlayerState) => state.position;
const durationOf = (state: PlayerState) => state.duration;
/** One press of an arrow key, in seconds. */
const STEP = 5;

/** The position in the track, to see and to change; seeks when the finger lets go. */
export function SeekBar({ className }: { className?: string }) {
  const player = usePlayer();
  const position = usePlayerState(positionOf);
  const duration = usePlayerState(durationOf);
  const [dragged, setDragged] = useState<number | null>(null);
  const shown = Math.min(dragged ?? position, duration);
  return (
    <Slider.Root
      min={0}
      max={Math.max(duration, 1)}
      step={STEP}
      value={[shown]}
      disabled={duration <= 0}
      onValueChange={([to]) => setDragged(to ?? null)}
      onValueCommit={([to]) => {
        setDragged(null);
        if (to !== undefined) player.seek(to);
      }}
      className={cx('group relative flex touch-none items-end select-none', className)}
    >
      <Slider.Track className="relative h-full w-full">
        <Terrain played={duration > 0 ? (shown / duration) * 100 : 0} />
      </Slider.Track>
      <Slider.Thumb
        aria-label={words.player.seek}
        aria-valuetext={words.player.position(clock(shown), clock(duration))}
        className="mb-[-2px] block h-5 w-[3px] rounded-full bg-ink data-[disabled]:hidden group-hover:w-[5px]"
      />
    </Slider.Root>
  );
}

/** 1:07 / 3:40 */
export function Times({ className }: { className?: string }) {
  const position = usePlayerState(positionOf);
  const duration = usePlayerState(durationOf);
  return (
    <span className={cx('numbers text-xs whitespace-nowrap text-soft', className)}>
      {clock(position)} <span className="text-faint">/ {clock(duration)}</span>
    </span>
  );
}
