import type { PlayerState } from '@quicksync/player';

import { usePlayerState } from '../../playback/PlayerContext.tsx';
import { words } from '../../strings/words.ts';

const trackOf = (state: PlayerState) => state.track;
const isStalled = (state: PlayerState) => state.status === 'stalled';

/** Tells screen readers, politely, what plays and when it waits; never the passing seconds. */
export function LiveRegion() {
  const track = usePlayerState(trackOf);
  const stalled = usePlayerState(isStalled);
  const playing = track ? words.player.nowPlaying(track.title, track.artist ?? '') : '';
  return (
    <output aria-live="polite" className="sr-only">
      {stalled ? words.player.stalled : playing}
    </output>
  );
}
