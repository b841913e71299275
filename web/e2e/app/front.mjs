// The files of one build of the app at an address whose builds can be exchanged, and the server behind
// it for everything else.

import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, request as ask } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
const SERVER = /^\/(api|healthz|readyz|metrics)(\/|$)/;

/** `server` is the address behind it. */
export async function openFront(folder, server, port = 0) {
  let build = folder;
  const { hostname, port: behind } = new URL(server);
  const front = createServer((request, response) => {
    const path = normalize(new URL(request.url, 'http://front').pathname);
    if (SERVER.test(path)) return void pass(request, response, { hostname, port: behind });
    const asked = join(build, path);
    const isFile = existsSync(asked) && statSync(asked).isFile();
    // What has no dot is a page of the app.
    if (!isFile && extname(path)) return void response.writeHead(404).end();
    const name = isFile ? asked : join(build, 'index.html');
    const forever = path.startsWith('/assets/');
    response.writeHead(200, {
      'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream',
      'Cache-Control': forever ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
    response.end(readFileSync(name));
  }).listen(port, '127.0.0.1');
  await once(front, 'listening');
  return {
    url: `http://127.0.0.1:${front.address().port}`,
    /** From now on another build is served. */
    deploy: (next) => void (build = next),
    close: () => {
      front.close();
      front.closeAllConnections();
    },
  };
}

function pass(request, response, { hostname, port }) {
  const { method, url: path, headers } = request;
  const onward = ask({ hostname, port, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}
