import type { PlayerState } from '@quicksync/player';

import { QUALITY_COLOUR } from '../../playback/quality.ts';
import { usePlayerState } from '../../playback/PlayerContext.tsx';
import { cx } from '../../ui/cx.ts';
import { terrainOf, type Hill } from './terrain.ts';

const bufferedOf = (state: PlayerState) => state.buffered;
const durationOf = (state: PlayerState) => state.duration;
const HEIGHT = { low: 'h-[34%]', medium: 'h-[56%]', high: 'h-[78%]', ultra: 'h-full' } as const;

/** What is buffered, pale ahead of the playhead and full behind it. `played` is in percent. */
export function Terrain({ played }: { played: number }) {
  const hills = terrainOf(usePlayerState(bufferedOf), usePlayerState(durationOf));
  return (
    <span aria-hidden="true" className="absolute inset-0 overflow-hidden">
      <span className="absolute inset-x-0 bottom-0 h-[3px] bg-line" />
      <Hills hills={hills} className="opacity-35" />
      <span className="absolute inset-0" style={{ clipPath: `inset(0 ${100 - played}% 0 0)` }}>
        <span className="absolute inset-x-0 bottom-0 h-[3px] bg-soft" />
        <Hills hills={hills} />
      </span>
    </span>
  );
}

function Hills({ hills, className }: { hills: readonly Hill[]; className?: string }) {
  return (
    <span className={cx('absolute inset-0', className)}>
      {hills.map(({ left, width, quality }) => (
        <span
          key={left}
          data-quality={quality}
          className={cx('absolute bottom-0', HEIGHT[quality], QUALITY_COLOUR[quality])}
          style={{ left: `${left}%`, width: `${width}%` }}
        />
      ))}
    </span>
  );
}
