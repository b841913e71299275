import type { Crossfade, PlayerState } from '@quicksync/player';

import { keepCrossfade, LONGEST_CROSSFADE } from '../../playback/crossfade.ts';
import { usePlayer, usePlayerState } from '../../playback/PlayerContext.tsx';
import { words } from '../../strings/words.ts';
import { Switch } from '../../ui/Switch.tsx';
import { Section } from './Section.tsx';

const crossfadeOf = (state: PlayerState) => state.crossfade;

/** How long one track fades into the next, and whether inside albums too. */
export function CrossfadeChoice() {
  const player = usePlayer();
  const crossfade = usePlayerState(crossfadeOf);
  const change = (part: Partial<Crossfade>) => {
    const next = { ...crossfade, ...part };
    keepCrossfade(next);
    player.setCrossfade(next);
  };
  const said = words.settings.crossfade;
  const text = said.lasting(crossfade.seconds);
  return (
    <Section title={said.title} about={said.about}>
      <label className="grid max-w-md gap-2">
        <span className="numbers flex justify-between gap-4 text-sm">
          <span className="font-medium">{said.length}</span>
          <span className="text-soft">{text}</span>
        </span>
        <input
          type="range"
          min={0}
          max={LONGEST_CROSSFADE}
          step={1}
          value={crossfade.seconds}
          aria-label={said.length}
          aria-valuetext={text}
          onChange={(event) => change({ seconds: Number(event.currentTarget.value) })}
          className="w-full accent-accent"
        />
      </label>
      {crossfade.seconds > 0 && (
        <Switch
          label={said.albums}
          hint={said.albumsHint}
          checked={crossfade.albums}
          onChange={(albums) => change({ albums })}
        />
      )}
    </Section>
  );
}
