// Offers a newer build of the app. Taking it loads the page anew: never while music plays.

import type { PlayerState } from '@quicksync/player';
import { useEffect, useState } from 'react';

import { usePlayerState } from '../playback/PlayerContext.tsx';
import { takeUpdate, useUpdateReady } from '../pwa/updates.ts';
import { words } from '../strings/words.ts';
import { Banner, BANNER_LINK } from './Banner.tsx';

const wantsToPlay = (state: PlayerState) => state.wantsToPlay;

export function Update() {
  const isReady = useUpdateReady();
  const isPlaying = usePlayerState(wantsToPlay);
  const [isWanted, want] = useState(false);
  useEffect(() => {
    if (isReady && isWanted && !isPlaying) takeUpdate();
  }, [isReady, isWanted, isPlaying]);
  if (!isReady) return null;
  const { ready, load, wait, waits } = words.offline.update;
  return (
    <Banner>
      <p className="py-1.5">{isWanted ? waits : ready}</p>
      {!isWanted && (
        <button type="button" className={BANNER_LINK} onClick={() => want(true)}>
          {isPlaying ? wait : load}
        </button>
      )}
    </Banner>
  );
}
