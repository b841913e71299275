// What the sound will change to, and when.

import type { PlayerState } from '@quicksync/player';

import { STEP } from '../../playback/quality.ts';
import { usePlayerState } from '../../playback/PlayerContext.tsx';
import { clock } from '../../strings/time.ts';
import { words } from '../../strings/words.ts';

type Change = NonNullable<PlayerState['pending']>;
const pendingOf = (state: PlayerState) => state.pending;
const playingOf = (state: PlayerState) => state.playing;

/** A sentence of it. */
export function changeText({ quality, position, buffered }: Change): string {
  const { change, changeComing, names } = words.quality;
  return (buffered ? change : changeComing)(names[quality], clock(position));
}

/** Beside the quality that is heard: an arrow up or down, and the name of the next where there is room. */
export function Pending({ compact }: { compact: boolean }) {
  const pending = usePlayerState(pendingOf);
  const playing = usePlayerState(playingOf);
  if (!pending || !playing || pending.quality === playing.quality) return null;
  const isUp = STEP[pending.quality] > STEP[playing.quality];
  return (
    <span data-testid="pending" title={changeText(pending)} className="numbers text-xs text-soft">
      <span aria-hidden="true">{isUp ? '↗' : '↘'}</span>
      {!compact && <span className="max-xl:hidden"> {words.quality.names[pending.quality]}</span>}
    </span>
  );
}
