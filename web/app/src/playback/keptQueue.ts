// The queue and the place in it, kept on this device: a page that is loaded anew goes on where it was.

import type { Player, PlayerState, QueueTrack } from '@quicksync/player';

/** Tracks kept on each side of the playing one: what storage of a few megabytes surely holds. */
const KEPT_BEFORE = 200;
const KEPT_AFTER = 1000;
/** How far the kept place may lag behind the sound. */
const LAG_S = 5;

interface Kept {
  readonly queue: readonly QueueTrack[];
  readonly index: number;
  readonly position: number;
}

type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
const keyOf = (userId: string) => `quicksync.queue.${userId}`;

const isTrack = (value: unknown): value is QueueTrack =>
  typeof value === 'object' && value !== null && 'id' in value && 'title' in value;

/** What was kept, if it is whole. */
export function keptQueue(userId: string, shelf: Shelf): Kept | null {
  try {
    const kept = JSON.parse(shelf.getItem(keyOf(userId)) ?? 'null') as Kept | null;
    if (!kept || !Array.isArray(kept.queue) || !kept.queue.every(isTrack)) return null;
    return isTrack(kept.queue[kept.index]) && kept.position >= 0 ? kept : null;
  } catch {
    return null; // storage may be forbidden, or hold something else
  }
}

function keep(userId: string, state: PlayerState, shelf: Shelf): void {
  const from = Math.max(0, state.index - KEPT_BEFORE);
  const queue = state.queue.slice(from, state.index + KEPT_AFTER);
  const kept: Kept = { queue, index: state.index - from, position: state.position };
  try {
    if (queue.length > 0) shelf.setItem(keyOf(userId), JSON.stringify(kept));
  } catch {
    // Full or forbidden: then the queue lasts as long as the page.
  }
}

/** Puts back what was kept, silently, and keeps what changes from now on; the answer ends it. */
export function followQueue(player: Player, userId: string, shelf: Shelf): () => void {
  const kept = keptQueue(userId, shelf);
  if (kept && player.state.queue.length === 0) {
    player.load(kept.queue, kept.index);
    player.seek(kept.position);
  }
  const save = () => keep(userId, player.state, shelf);
  const stops = [
    player.subscribe(({ queue }) => queue, save),
    player.subscribe(({ index }) => index, save),
    player.subscribe(({ position }) => Math.floor(position / LAG_S), save),
  ];
  return () => stops.forEach((stop) => stop());
}
