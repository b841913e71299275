// The four steps of the ladder, in words, heights and colours.

import type { Quality, RungView } from '@quicksync/player';

import { words } from '../strings/words.ts';

/** 1 to 4. */
export const STEP: Readonly<Record<Quality, number>> = { low: 1, medium: 2, high: 3, ultra: 4 };

export const QUALITY_COLOUR: Readonly<Record<Quality, string>> = {
  low: 'bg-low',
  medium: 'bg-medium',
  high: 'bg-high',
  ultra: 'bg-ultra',
};

export const badgeText = (rung: RungView): string =>
  words.quality.badge(words.quality.names[rung.quality].toUpperCase(), rung.bitrateKbps);
