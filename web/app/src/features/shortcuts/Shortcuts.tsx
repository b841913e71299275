import type { Player } from '@quicksync/player';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

import { usePlayer } from '../../playback/PlayerContext.tsx';
import { Help } from './Help.tsx';
import { deedOf, type Deed } from './keys.ts';

const SKIP_S = 5;
const VOLUME_STEP = 0.05;
const within = (value: number, most: number) => Math.min(most, Math.max(0, value));

/** Listens to the keyboard, everywhere but where text is typed. */
export function Shortcuts() {
  const player = usePlayer();
  const navigate = useNavigate();
  const [help, setHelp] = useState(false);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const deed = deedOf(event);
      if (!deed) return;
      // Arrow up and down scroll while there is nothing to make louder.
      if (!player.state.track && deed !== 'search' && deed !== 'queue' && deed !== 'help') return;
      event.preventDefault();
      if (deed === 'help') setHelp((open) => !open);
      else if (deed === 'search') void navigate({ to: '/search' }).then(focusSearch);
      else if (deed === 'queue') void navigate({ to: '/queue' });
      else perform(player, deed);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [player, navigate]);
  return <Help open={help} onClose={() => setHelp(false)} />;
}

const focusSearch = () => document.getElementById('search')?.focus();

type Played = Exclude<Deed, 'search' | 'queue' | 'help'>;

function perform(player: Player, deed: Played): void {
  const { wantsToPlay, position, duration, volume, muted } = player.state;
  const deeds: Readonly<Record<Played, () => void>> = {
    toggle: () => (wantsToPlay ? player.pause() : player.play()),
    back: () => player.seek(within(position - SKIP_S, duration)),
    ahead: () => player.seek(within(position + SKIP_S, duration)),
    louder: () => player.setVolume(within(volume + VOLUME_STEP, 1)),
    softer: () => player.setVolume(within(volume - VOLUME_STEP, 1)),
    next: () => player.next(),
    previous: () => player.previous(),
    mute: () => player.mute(!muted),
  };
  deeds[deed]();
}
