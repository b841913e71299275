// Puts an offline store together from what the page gives and what the browser has.

import { createApi } from '../net/api.ts';
import { browserStorage, deviceId } from '../net/device.ts';
import { browserClock, type Clock } from '../platform.ts';
import { openShelf } from './shelf.ts';
import { ShelfStore, type Room } from './store.ts';
import type { OfflineStore } from './types.ts';

export interface OfflineOptions {
  /** As of `createPlayer`. */
  readonly baseUrl?: string;
  readonly getToken?: () => string | null | Promise<string | null>;
  readonly credentials?: RequestCredentials;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
  readonly storage?: Pick<Storage, 'getItem' | 'setItem'> | null;
  /** One name, one collection: listeners who share a browser need one each. */
  readonly name?: string;
  /** Default the page's. */
  readonly indexedDB?: IDBFactory;
  /** Default `navigator.storage`, where there is one. */
  readonly room?: Room;
}

/** Rejects with an `OfflineError` where the browser stores nothing. */
export async function openOfflineStore(options: OfflineOptions = {}): Promise<OfflineStore> {
  const fetchOf: typeof fetch = options.fetch ?? ((input, init) => fetch(input, init));
  const api = createApi({
    baseUrl: options.baseUrl ?? '',
    fetch: fetchOf,
    credentials: options.credentials ?? 'same-origin',
    deviceId: deviceId(options.storage === undefined ? browserStorage() : options.storage),
    getToken: options.getToken,
  });
  const factory = options.indexedDB ?? globalThis.indexedDB;
  const shelf = await openShelf(options.name ?? 'quicksync-offline', factory);
  const clock = options.clock ?? browserClock;
  const room = options.room ?? globalThis.navigator?.storage ?? {};
  return new ShelfStore({ api, fetch: fetchOf, clock, shelf }, room);
}
