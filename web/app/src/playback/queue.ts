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
    ...(track.album_id ? { albumId: track.album_id } : {}),
    ...(track.track_number === null ? {} : { number: track.track_number }),
    ...(cover ? { coverUrl: cover } : {}),
    ...(track.duration_s === null ? {} : { duration: track.duration_s }),
  };
}

/** Those that can be played, and where the picked one is among them. Pure. */
function playable(tracks: readonly Track[], index: number) {
  const isWhole = ({ problem }: Track) => problem === null;
  return {
    queue: tracks.filter(isWhole).map(queueTrack),
    index: tracks.slice(0, index).filter(isWhole).length,
  };
}

export function playTracks(player: Player, tracks: readonly Track[], index = 0): void {
  const { queue, index: at } = playable(tracks, index);
  if (queue[at]) player.load(queue, at, { play: true });
}

/** Puts the tracks around the one that plays, which is `tracks[index]`. */
export function widen(player: Player, tracks: readonly Track[], index: number): void {
  const { queue, index: at } = playable(tracks, index);
  if (queue[at]?.id === player.state.track?.id) player.updateQueue(queue, at);
}

/** Puts tracks right behind the one that plays, or at the end; starts nothing. */
export function enqueue(player: Player, tracks: readonly Track[], where: 'next' | 'end'): void {
  const { queue, index } = player.state;
  const added = playable(tracks, 0).queue;
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
