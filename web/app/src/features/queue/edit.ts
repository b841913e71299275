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
