// Where the rung that is asked for turns, and why. Pure.

import type { Quality } from '@quicksync/player';

import type { Decision } from './history.ts';

export interface Turn {
  readonly at: number;
  /** Until the next turn; null where it still holds. */
  readonly until: number | null;
  readonly quality: Quality;
  readonly code: string;
  readonly reason: string;
}

/** One for each change of rung, and for each new cause of the same one. */
export function turnsOf(decisions: readonly Decision[], since: number): Turn[] {
  const turns: { -readonly [Key in keyof Turn]: Turn[Key] }[] = [];
  for (const { at, word, quality, code, reason } of decisions) {
    // A replacement mends the past: the rung asked for next is what a turn is about.
    if (quality === null || (word !== 'fetch' && word !== 'prefetch')) continue;
    const last = turns.at(-1);
    if (last && last.quality === quality && last.code === code) continue;
    if (last) last.until = at;
    turns.push({ at, until: null, quality, code, reason });
  }
  return turns.filter(({ until }) => until === null || until >= since);
}
