// Covers of kept music, so that it is not faceless without a network. The service worker shows them.

import { COVERS } from '../pwa/plan.ts';
import type { Downloads } from './downloads.ts';

/** Brings what is kept in line with the tracks that are; follows them from now on. */
export function keepCovers(downloads: Downloads): void {
  // Pages without HTTPS have no such storage, and no service worker either.
  if (!('caches' in globalThis)) return;
  let known = '';
  downloads.subscribe(() => {
    if (downloads.state.status !== 'ready') return;
    const kept = downloads.state.tracks.filter(({ stage }) => stage === 'kept');
    const urls = new Set(kept.flatMap(({ track }) => track.coverUrl ?? []));
    const now = Array.from(urls).sort().join(' ');
    if (now === known) return;
    known = now;
    void follow(urls).catch(() => undefined);
  });
}

async function follow(urls: ReadonlySet<string>): Promise<void> {
  const cache = await caches.open(COVERS);
  const wanted = new Set(Array.from(urls, (url) => new URL(url, document.baseURI).href));
  const there = new Set((await cache.keys()).map(({ url }) => url));
  for (const url of there) if (!wanted.has(url)) await cache.delete(url);
  for (const url of wanted) if (!there.has(url)) await cache.add(url).catch(() => undefined);
}
