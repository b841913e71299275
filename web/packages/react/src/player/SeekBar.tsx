import type { PlayerState } from '@quicksync/player';
import { useState } from 'react';

import { usePlayer, usePlayerWords } from './playerContext.ts';
import { usePlayerState } from './usePlayerState.ts';
import { clock } from './words.ts';

/** Nobody sees less, and drawing at every frame would be waste. */
const position = (state: PlayerState) => Math.floor(state.position * 4) / 4;
const duration = (state: PlayerState) => state.duration;
const buffered = (state: PlayerState) => state.buffered;

/** Where the sound is; what is buffered is tinted by its quality. */
export function SeekBar() {
  const player = usePlayer();
  const words = usePlayerWords();
  const at = usePlayerState(player, position);
  const length = usePlayerState(player, duration);
  const ranges = usePlayerState(player, buffered);
  const [draft, setDraft] = useState<number | null>(null);
  const shown = draft ?? at;
  const share = (value: number) => `${length > 0 ? (100 * value) / length : 0}%`;
  const commit = () => {
    if (draft !== null) player?.seek(draft);
    setDraft(null);
  };
  return (
    <div className="qsp-seek">
      <span className="qsp-time">{clock(shown)}</span>
      <span className="qsp-track">
        {ranges.map(({ start, end, quality }) => (
          <span
            key={`${start} ${quality}`}
            className="qsp-range"
            data-quality={quality}
            style={{ insetInlineStart: share(start), width: share(end - start) }}
          />
        ))}
        <input
          className="qsp-slider"
          type="range"
          min={0}
          max={Math.max(length, 1)}
          step={1}
          value={shown}
          disabled={length === 0}
          aria-label={words.position}
          aria-valuetext={words.of(clock(shown), clock(length))}
          onChange={(event) => setDraft(Number(event.currentTarget.value))}
          onPointerUp={commit}
          onKeyUp={commit}
          onBlur={commit}
        />
      </span>
      <span className="qsp-time">{clock(length)}</span>
    </div>
  );
}
