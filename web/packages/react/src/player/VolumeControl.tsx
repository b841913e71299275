import type { PlayerState } from '@quicksync/player';

import { usePlayer, usePlayerWords } from './playerContext.ts';
import { Icon } from './Transport.tsx';
import { usePlayerState } from './usePlayerState.ts';

const volume = (state: PlayerState) => state.volume;
const muted = (state: PlayerState) => state.muted;

const CONE = 'M4 9h4l5-4v14l-5-4H4z';
const WAVES = 'M15 8a5 5 0 0 1 0 8zM16 4a9 9 0 0 1 0 16v-2a7 7 0 0 0 0-12z';

export function VolumeControl() {
  const player = usePlayer();
  const words = usePlayerWords();
  const level = usePlayerState(player, volume);
  const silent = usePlayerState(player, muted);
  return (
    <div className="qsp-volume">
      <button
        type="button"
        className="qsp-button"
        aria-label={silent ? words.unmute : words.mute}
        onClick={() => player?.mute(!silent)}
      >
        <Icon path={silent ? CONE : CONE + WAVES} />
      </button>
      <input
        className="qsp-slider"
        type="range"
        min={0}
        max={1}
        step={0.01}
        value={silent ? 0 : level}
        aria-label={words.volume}
        aria-valuetext={`${Math.round(100 * (silent ? 0 : level))} %`}
        onChange={(event) => {
          player?.mute(false);
          player?.setVolume(Number(event.currentTarget.value));
        }}
      />
    </div>
  );
}
