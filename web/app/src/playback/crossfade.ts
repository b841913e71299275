// How tracks go over into each other; kept on this device.

import { NO_CROSSFADE, type Crossfade } from '@quicksync/player';

const KEY = 'quicksync.crossfade';
/** Seconds. */
export const LONGEST_CROSSFADE = 12;

export function keptCrossfade(): Crossfade {
  try {
    const { seconds, albums } = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Crossfade>;
    if (typeof seconds !== 'number' || !(seconds >= 0)) return NO_CROSSFADE;
    return { seconds: Math.min(seconds, LONGEST_CROSSFADE), albums: albums === true };
  } catch {
    return NO_CROSSFADE; // storage may be forbidden, or hold what is no crossfade
  }
}

export function keepCrossfade(crossfade: Crossfade): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(crossfade));
  } catch {
    // Then it lasts as long as the page.
  }
}
