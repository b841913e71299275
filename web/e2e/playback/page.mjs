// Builds the test page and serves it.

import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { serveFolder } from './serve.mjs';

const ROOT = fileURLToPath(new URL('../playback-page/', import.meta.url));

/** The page's origin, and how to end it. `root` is another page, `alias` where its modules are. */
export async function servePage(folder, { root = ROOT, alias = {}, ...where } = {}) {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    resolve: { alias, conditions: ['quicksync-source', 'module', 'browser', 'production'] },
    build: { outDir: folder, emptyOutDir: true, assetsInlineLimit: 0, target: 'es2022' },
  });
  return serveFolder(folder, where);
}
