// Plays a long list from one of its rows on: what is at hand at once, and what lies around it as
// soon as it is there.

import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

import { stretchOf } from '../api/pages.ts';
import type { Track } from '../api/wire.ts';
import { usePlayer } from '../playback/PlayerContext.tsx';
import { playTracks, widen } from '../playback/queue.ts';
import type { Paged } from './usePaged.ts';

/** Tracks put into the queue before and after the one picked: a day of music, not the library. */
const BEFORE = 100;
const AFTER = 400;

export function usePlayFrom({ source, at, count = 0 }: Paged<Track>): (index: number) => void {
  const player = usePlayer();
  const client = useQueryClient();
  return useCallback(
    (index: number) => {
      const picked = at(index);
      if (!picked) return;
      playTracks(player, [picked]);
      const { queue } = player.state;
      const from = Math.max(0, index - BEFORE);
      stretchOf(client, source, from, Math.min(count, index + AFTER)).then(
        // Unless something else plays by now.
        (tracks) => player.state.queue === queue && widen(player, tracks, index - from),
        () => undefined,
      );
    },
    [player, client, source, at, count],
  );
}
