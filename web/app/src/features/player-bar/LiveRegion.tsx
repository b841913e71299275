import type { PlayerState } from '@quicksync/player';
import { useEffect, useState } from 'react';

import { usePlayerState } from '../../playback/PlayerContext.tsx';
import { words } from '../../strings/words.ts';

const trackOf = (state: PlayerState) => state.track;
const isStalled = (state: PlayerState) => state.status === 'stalled';

/** What is over sooner is not said: a wait of a moment, a track that is skipped. */
const SETTLED_MS = 1000;

/**
 * Tells screen readers, politely, what plays and when it waits; never the passing seconds. Failures
 * are told by the notice above the bar.
 */
export function LiveRegion() {
  const track = usePlayerState(trackOf);
  const stalled = usePlayerState(isStalled);
  const playing = track ? words.player.nowPlaying(track.title, track.artist ?? '') : '';
  const now = stalled ? words.player.stalled : playing;
  const [said, say] = useState(now);
  useEffect(() => {
    const timer = setTimeout(say, SETTLED_MS, now);
    return () => clearTimeout(timer);
  }, [now]);
  return (
    <output aria-live="polite" className="sr-only">
      {said}
    </output>
  );
}
