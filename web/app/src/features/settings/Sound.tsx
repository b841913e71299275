import type { Leveling, PlayerState } from '@quicksync/player';
import { QuickSyncSettings } from '@quicksync/react';

import { keepLeveling } from '../../playback/leveling.ts';
import { usePlayer, usePlayerState } from '../../playback/PlayerContext.tsx';
import { language } from '../../strings/language.ts';
import { words } from '../../strings/words.ts';
import { Choice } from '../../ui/Choice.tsx';
import { CrossfadeChoice } from './CrossfadeChoice.tsx';
import { Section } from './Section.tsx';

const levelingOf = (state: PlayerState) => state.leveling;

/** The documented settings panel, in the app's clothes, and what is this device's own. */
export function Sound() {
  const player = usePlayer();
  const leveling = usePlayerState(levelingOf);
  const change = (next: Leveling) => {
    keepLeveling(next);
    player.setLeveling(next);
  };
  return (
    <>
      <div className="quick-sync-panel mb-12">
        <QuickSyncSettings language={language} />
      </div>
      <Section title={words.settings.leveling} about={words.settings.levelingAbout}>
        <Choice
          label={words.settings.leveling}
          value={leveling}
          options={words.settings.levelings}
          onChange={change}
        />
      </Section>
      <CrossfadeChoice />
    </>
  );
}
