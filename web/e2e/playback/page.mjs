// Builds the test page and serves it.

import { createServer } from 'node:http';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('../playback-page/', import.meta.url));
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** The page's origin, and how to end it. `root` is another page, `alias` where its modules are. */
export async function servePage(folder, { root = ROOT, alias = {} } = {}) {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    resolve: { alias, conditions: ['quicksync-source', 'module', 'browser', 'production'] },
    build: { outDir: folder, emptyOutDir: true, assetsInlineLimit: 0, target: 'es2022' },
  });
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, 'http://page').pathname);
    const name = path.endsWith('/') ? `${path}index.html` : path;
    const body = await readFile(join(folder, name)).catch(() => null);
    const type = TYPES[extname(name)] ?? 'application/octet-stream';
    response.writeHead(body ? 200 : 404, { 'Content-Type': type }).end(body ?? '');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
