import { createPlayer, type Player } from '@quicksync/player';
import { createWasmCore } from '@quicksync/player/wasm';

import { basePath } from '../base.ts';

/** The page's player, with the decision core it fetches on the side. */
export const createAppPlayer = (): Player =>
  createPlayer({ baseUrl: `${location.origin}${basePath}`, core: createWasmCore() });
