// Library tracks into the player's queue.

import type { Player, QueueTrack } from '@quicksync/player';
import { useMemo } from 'react';

import type { Track } from '../api/wire.ts';
import { coverUrl } from '../ui/Cover.tsx';
import { usePlayer } from './PlayerContext.tsx';

const QUEUE_COVER = 640;

export function queueTrack(track: Track): QueueTrack {
  const cover = coverUrl(track.cover_url, QUEUE_COVER);
  return {
    id: track.id,
    title: track.title,
    ...(track.artist ? { artist: track.artist } : {}),
    ...(track.album ? { album: track.album } : {}),
    ...(cover ? { coverUrl: cover } : {}),
    ...(track.duration_s === null ? {} : { duration: track.duration_s }),
  };
}

export function playTracks(player: Player, tracks: readonly Track[], index = 0): void {
  player.load(tracks.map(queueTrack), index, { play: true });
}

/** Puts tracks right behind the one that plays, or at the end; starts nothing. */
export function enqueue(player: Player, tracks: readonly Track[], where: 'next' | 'end'): void {
  const { queue, index } = player.state;
  const added = tracks.map(queueTrack);
  if (queue.length === 0) return player.load(added, 0);
  const at = where === 'next' ? index + 1 : queue.length;
  player.updateQueue([...queue.slice(0, at), ...added, ...queue.slice(at)], index);
}

export interface QueueDeeds {
  play(tracks: readonly Track[], index?: number): void;
  add(tracks: readonly Track[]): void;
  next(tracks: readonly Track[]): void;
}

export function useQueue(): QueueDeeds {
  const player = usePlayer();
  return useMemo(
    () => ({
      play: (tracks, index) => playTracks(player, tracks, index),
      add: (tracks) => enqueue(player, tracks, 'end'),
      next: (tracks) => enqueue(player, tracks, 'next'),
    }),
    [player],
  );
}
