// The page's player. Its code and the decision core are fetched on the side: the page is there
// first.

import type { Player, PlayerOptions } from '@quicksync/player';
import type { StoredTracks } from '@quicksync/player/offline';

import { basePath } from '../base.ts';
import { words } from '../strings/words.ts';
import { afterPaint } from './afterPaint.ts';
import { deferPlayer } from './deferPlayer.ts';
import { keptCrossfade } from './crossfade.ts';
import { keptLeveling } from './leveling.ts';
import { declaredNetwork } from './network.ts';

/** Where this browser cannot play as our own engine does; fetched only then. */
const fallback: NonNullable<PlayerOptions['fallback']> = async (options) =>
  (await import('@quicksync/player/hls')).createHlsEngine(options);

/** Plays from `offline` what is kept there. */
export function createAppPlayer(offline: StoredTracks): Player {
  const painted = afterPaint();
  const core = painted
    .then(() => import('@quicksync/player/wasm'))
    .then(({ createWasmCore }) => createWasmCore());
  const coming = painted
    .then(() => import('./makePlayer.ts'))
    .then(({ createPlayer }) => {
      const network = declaredNetwork();
      const player = createPlayer({ baseUrl: basePath, network, core, offline, fallback });
      player.setLeveling(keptLeveling());
      player.setCrossfade(keptCrossfade());
      return player;
    });
  return deferPlayer(coming, words.player.missing);
}
