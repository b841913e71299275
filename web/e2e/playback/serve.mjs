// Serves a folder on an origin of its own.

import { createServer } from 'node:http';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** The folder's origin, and how to end it; on this machine only, and where there is room, unless told. */
export async function serveFolder(folder, { host = '127.0.0.1', port = 0 } = {}) {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, 'http://page').pathname);
    const name = path.endsWith('/') ? `${path}index.html` : path;
    const body = await readFile(join(folder, name)).catch(() => null);
    const type = TYPES[extname(name)] ?? 'application/octet-stream';
    response.writeHead(body ? 200 : 404, { 'Content-Type': type }).end(body ?? '');
  }).listen(port, host);
  await once(server, 'listening');
  return {
    origin: `http://${host}:${server.address().port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
