// The page's player, with the decision core it fetches on the side.

import { createPlayer, type Player } from '@quicksync/player';

import { basePath } from '../base.ts';

export const createAppPlayer = (): Player =>
  createPlayer({
    baseUrl: basePath,
    core: import('@quicksync/player/wasm').then(({ createWasmCore }) => createWasmCore()),
  });
