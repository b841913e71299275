// A newer build of the app: found and made ready in the background, taken into use when asked.

import { useSyncExternalStore } from 'react';

import { atServer } from '../base.ts';

/** Fetching the files of the app must not compete with its first sound. */
const SETTLED_MS = 4000;
const CHECK_MS = 60 * 60_000;

let waiting: ServiceWorker | null = null;
const watchers = new Set<() => void>();

function found(worker: ServiceWorker | null): void {
  // Without a controller it is the first worker, not a newer one.
  if (!worker || !navigator.serviceWorker.controller || waiting === worker) return;
  waiting = worker;
  for (const watch of Array.from(watchers)) watch();
}

function follow(registration: ServiceWorkerRegistration): void {
  found(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed') found(worker);
    });
  });
  const check = () => void registration.update().catch(() => undefined);
  setInterval(check, CHECK_MS);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') check();
  });
}

/** Registers the service worker once the page has settled; nothing where there are none. */
export function startServiceWorker(): void {
  if (!('serviceWorker' in navigator)) return;
  const register = () =>
    navigator.serviceWorker
      .register(atServer('/sw.js'), { scope: atServer('/') })
      // Where service workers are blocked some browsers answer with nothing.
      .then((registration) => registration && follow(registration))
      .catch(() => undefined);
  setTimeout(() => void register(), SETTLED_MS);
}

/** Takes the newer build into use, which loads the page anew. */
export function takeUpdate(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), {
    once: true,
  });
  waiting?.postMessage('take over');
}

function subscribe(watch: () => void) {
  watchers.add(watch);
  return () => void watchers.delete(watch);
}

/** Whether a newer build is ready. */
export const useUpdateReady = (): boolean =>
  useSyncExternalStore(subscribe, () => waiting !== null);
