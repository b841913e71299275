// The service worker: the app opens without a network, from the files of the build it belongs to.
// Music, and everything else of the server's interface, it leaves alone.

import { cacheNameOf, COVERS, planOf, SHELL_PREFIX, type Build } from './plan.ts';

/** The part of `ServiceWorkerGlobalScope` in use; the page's own types know no workers. */
interface Scope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: string, listener: (event: WorkerEvent) => void): void;
}
interface WorkerEvent {
  readonly request: Request;
  readonly data: unknown;
  waitUntil(work: Promise<unknown>): void;
  respondWith(answer: Promise<Response>): void;
}

const worker = globalThis as unknown as Scope;
// Replaced with the list of files once they are built.
const build = '__BUILD__' as unknown as Build;
const here = () => new URL(worker.registration.scope);

worker.addEventListener('install', (event) => event.waitUntil(install()));
worker.addEventListener('activate', (event) => event.waitUntil(activate()));
worker.addEventListener('message', (event) => {
  if (event.data === 'take over') event.waitUntil(worker.skipWaiting());
});
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const plan = planOf(request, request.url, here());
  if (plan === 'shell') event.respondWith(shell(request));
  else if (plan === 'file') event.respondWith(file(request));
  else if (plan === 'cover') event.respondWith(cover(request));
});

async function install(): Promise<void> {
  const cache = await caches.open(cacheNameOf(build));
  await Promise.all(build.files.map((name) => bring(cache, new URL(name, here()).href)));
}

/** From an older build where the name says that it is the same, or else from the server. */
async function bring(cache: Cache, url: string): Promise<void> {
  const isHashed = new URL(url).pathname.includes('/assets/');
  const had = isHashed ? await caches.match(url) : undefined;
  const answer = had ?? (await fetch(url, { cache: isHashed ? 'default' : 'no-cache' }));
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  await cache.put(url, answer);
}

async function activate(): Promise<void> {
  const old = (await caches.keys()).filter(
    (name) => name.startsWith(SHELL_PREFIX) && name !== cacheNameOf(build),
  );
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** The app's one page, whatever its address. */
async function shell(request: Request): Promise<Response> {
  return (await caches.match(here().href)) ?? fetch(request);
}

async function file(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

/** Kept covers serve while nobody answers; otherwise the browser's own cache is the better one. */
async function cover(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await (await caches.open(COVERS)).match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}
