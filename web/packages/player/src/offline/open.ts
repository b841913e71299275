// Puts an offline store together from what the page gives and what the browser has.

import { apiOf, fetchOf, type ServerOptions } from '../net/server.ts';
import { browserClock } from '../platform.ts';
import { openShelf } from './shelf.ts';
import { ShelfStore, type Room } from './store.ts';
import type { OfflineStore } from './types.ts';

export interface OfflineOptions extends Omit<ServerOptions, 'scope'> {
  /** One name, one collection: listeners who share a browser need one each. */
  readonly name?: string;
  /** Default the page's. */
  readonly indexedDB?: IDBFactory;
  /** Default `navigator.storage`, where there is one. */
  readonly room?: Room;
}

/** Rejects with an `OfflineError` where the browser stores nothing. */
export async function openOfflineStore(options: OfflineOptions = {}): Promise<OfflineStore> {
  const factory = options.indexedDB ?? globalThis.indexedDB;
  const shelf = await openShelf(options.name ?? 'quicksync-offline', factory);
  const clock = options.clock ?? browserClock;
  const room = options.room ?? globalThis.navigator?.storage ?? {};
  return new ShelfStore({ api: apiOf(options), fetch: fetchOf(options), clock, shelf }, room);
}
