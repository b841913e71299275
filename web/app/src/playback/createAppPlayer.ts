// The page's player, with the decision core it fetches on the side.

import { createPlayer, type Player } from '@quicksync/player';

import { basePath } from '../base.ts';
import { keptLeveling } from './leveling.ts';
import { networkScope } from './network.ts';

export function createAppPlayer(): Player {
  const player = createPlayer({
    baseUrl: basePath,
    scope: networkScope(),
    core: import('@quicksync/player/wasm').then(({ createWasmCore }) => createWasmCore()),
  });
  player.setLeveling(keptLeveling());
  return player;
}
