// The browser's offer to install the app, held until the listener asks for it.

import { useSyncExternalStore } from 'react';

/** Not in the DOM's types: https://wicg.github.io/manifest-incubations/#beforeinstallpromptevent-interface */
interface Offer extends Event {
  prompt(): Promise<unknown>;
}

let offer: Offer | null = null;
const watchers = new Set<() => void>();

function hold(next: Offer | null): void {
  offer = next;
  for (const watch of Array.from(watchers)) watch();
}

/** Call it as soon as the page is there: the offer comes once. */
export function watchInstallOffer(): void {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    hold(event as Offer);
  });
  addEventListener('appinstalled', () => hold(null));
}

function accept(): void {
  // An offer can be taken once, whatever the listener answers.
  void offer?.prompt().catch(() => undefined);
  hold(null);
}

function subscribe(watch: () => void) {
  watchers.add(watch);
  return () => void watchers.delete(watch);
}

/** Asks the browser to install the app; null where it does not offer that. */
export const useInstall = (): (() => void) | null =>
  useSyncExternalStore(subscribe, () => (offer ? accept : null));
