// The page with other people's players, which live in a folder of their own.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { servePage } from '../playback/page.mjs';

const ROOT = fileURLToPath(new URL('../players-page/', import.meta.url));
const MODULES = fileURLToPath(new URL('../../tools/players/node_modules/', import.meta.url));
const alias = {
  dashjs: join(MODULES, 'dashjs/dist/modern/esm/dash.all.min.js'),
  'hls.js': join(MODULES, 'hls.js'),
  'shaka-player': join(MODULES, 'shaka-player'),
};

/** Its origin, and how to end it; it is built into `folder`. */
export const servePlayers = (folder) => servePage(folder, { root: ROOT, alias });
