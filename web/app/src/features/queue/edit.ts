// Changes of the queue that leave the playing track alone. Pure.

import type { QueueTrack } from '@quicksync/player';

export interface Queue {
  readonly queue: readonly QueueTrack[];
  readonly index: number;
}

export function without({ queue, index }: Queue, at: number): Queue {
  return { queue: queue.toSpliced(at, 1), index: at < index ? index - 1 : index };
}

/** Swaps a track with its neighbour; only behind the playing one. */
export function moved({ queue, index }: Queue, at: number, by: 1 | -1): Queue {
  const [track, other] = [queue[at], queue[at + by]];
  if (!track || !other || Math.min(at, at + by) <= index) return { queue, index };
  return { queue: queue.with(at, other).with(at + by, track), index };
}

/** The tracks behind the playing one in an order drawn by `random`, which gives 0 to below 1. */
export function shuffled({ queue, index }: Queue, random: () => number): Queue {
  const rest = queue.slice(index + 1);
  // Fisher and Yates, as Durstenfeld wrote it: every order is equally likely.
  for (let last = rest.length - 1; last > 0; last -= 1) {
    const pick = Math.floor(random() * (last + 1));
    [rest[last], rest[pick]] = [rest[pick] as QueueTrack, rest[last] as QueueTrack];
  }
  return { queue: [...queue.slice(0, index + 1), ...rest], index };
}

/** Seconds of music in it. */
export const lengthOf = (tracks: readonly QueueTrack[]): number =>
  tracks.reduce((sum, track) => sum + (track.duration ?? 0), 0);
