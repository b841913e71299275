// Parts of the whole. Pure.

import { QUALITIES, type Quality } from '@quicksync/player';

type Heard = Readonly<Record<Quality, number>>;

/** Each quality's share of what was heard, 0 to 1; nothing of nothing. */
export function shares(heard: Heard): Heard {
  const all = QUALITIES.reduce((sum, quality) => sum + heard[quality], 0);
  const part = (quality: Quality) => (all > 0 ? heard[quality] / all : 0);
  return { low: part('low'), medium: part('medium'), high: part('high'), ultra: part('ultra') };
}
