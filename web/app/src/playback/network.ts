// What kind of network this device is on: as the browser says, or else as the listener declared.
// The declaration is kept on this device and reaches the player as if the browser had said it.

import type { NetworkKind, PlayerOptions } from '@quicksync/player';

export const KINDS = ['wifi', 'cellular', 'ethernet', 'unknown'] as const;

const KEY = 'quicksync.network';

interface BrowserConnection {
  readonly type?: string;
}

const browserConnection = (): BrowserConnection | undefined =>
  (navigator as { readonly connection?: BrowserConnection }).connection;

const asKind = (text: string | null | undefined): NetworkKind =>
  KINDS.find((kind) => kind === text) ?? 'unknown';

/** `unknown` where the browser does not tell: everywhere but on Android and ChromeOS. */
export const toldKind = (): NetworkKind => asKind(browserConnection()?.type);

export function declaredKind(): NetworkKind {
  try {
    return asKind(localStorage.getItem(KEY));
  } catch {
    return 'unknown'; // storage may be forbidden
  }
}

/** Looks like the browser's own object, and says what was declared where that says nothing. */
class Connection extends EventTarget {
  get type(): string {
    const told = toldKind();
    return told === 'unknown' ? declaredKind() : told;
  }
}

const connection = new Connection();
const changed = () => connection.dispatchEvent(new Event('change'));

export function declareKind(kind: NetworkKind): void {
  try {
    localStorage.setItem(KEY, kind);
  } catch {
    // Then the player goes on not knowing.
  }
  changed();
}

type Scope = NonNullable<PlayerOptions['scope']>;

/** The window, with the declared network. */
export function networkScope(): Scope {
  const real = browserConnection() as (BrowserConnection & Partial<EventTarget>) | undefined;
  real?.addEventListener?.('change', changed);
  const { PressureObserver } = globalThis as unknown as Scope;
  return {
    navigator: { connection },
    addEventListener: window.addEventListener.bind(window),
    removeEventListener: window.removeEventListener.bind(window),
    ...(PressureObserver ? { PressureObserver } : {}),
  };
}
