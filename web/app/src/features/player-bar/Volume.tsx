import type { PlayerState } from '@quicksync/player';
import * as Slider from '@radix-ui/react-slider';

import { usePlayer, usePlayerState } from '../../playback/PlayerContext.tsx';
import { words } from '../../strings/words.ts';
import { IconButton } from '../../ui/Button.tsx';

const volumeOf = (state: PlayerState) => state.volume;
const mutedOf = (state: PlayerState) => state.muted;

export function Volume() {
  const player = usePlayer();
  const volume = usePlayerState(volumeOf);
  const muted = usePlayerState(mutedOf);
  return (
    <div className="flex items-center gap-1">
      <IconButton
        icon={muted || volume === 0 ? 'muted' : 'volume'}
        label={muted ? words.player.unmute : words.player.mute}
        onClick={() => player.mute(!muted)}
      />
      <Slider.Root
        min={0}
        max={100}
        step={5}
        value={[muted ? 0 : Math.round(volume * 100)]}
        onValueChange={([to = 0]) => {
          if (muted) player.mute(false);
          player.setVolume(to / 100);
        }}
        className="relative flex h-10 w-20 touch-none items-center"
      >
        <Slider.Track className="relative h-[3px] w-full bg-line">
          <Slider.Range className="absolute h-full bg-soft" />
        </Slider.Track>
        <Slider.Thumb
          aria-label={words.player.volume}
          className="block size-3 rounded-full bg-ink"
        />
      </Slider.Root>
    </div>
  );
}
