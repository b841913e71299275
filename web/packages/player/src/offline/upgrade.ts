// Stored tracks in a better quality, where bytes cost nothing.

import { networkKind, type HintScope } from '../engine/hints.ts';
import { QUALITIES, type Quality } from '../preferences.ts';
import type { OfflineStore, SaveOptions } from './types.ts';

export interface UpgradeOptions extends SaveOptions {
  /** Asked before each track; default: not on cellular, not where the listener saves data. */
  readonly allowed?: () => boolean;
}

/** Whether large downloads are welcome, as far as the browser says. */
export const isGoodNetwork = (scope = globalThis as unknown as HintScope): boolean =>
  networkKind(scope) !== 'cellular' && scope.navigator?.connection?.saveData !== true;

/**
 * Saves every whole track again that lies below `quality`, one after another, and says how many;
 * stops where it is not allowed any more. Until the better copy is whole, the old one plays.
 */
export async function upgradeOffline(
  store: OfflineStore,
  quality: Quality,
  { allowed = () => isGoodNetwork(), ...save }: UpgradeOptions = {},
): Promise<number> {
  const wanted = QUALITIES.indexOf(quality);
  const tracks = await store.list();
  const below = tracks.filter(
    (kept) => kept.complete && !kept.best && QUALITIES.indexOf(kept.quality) < wanted,
  );
  let upgraded = 0;
  for (const { track } of below) {
    if (!allowed()) break;
    await store.save(track, quality, save);
    upgraded += 1;
  }
  return upgraded;
}
