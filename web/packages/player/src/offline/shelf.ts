// Tracks and their pieces in IndexedDB: the one storage for large things that pages have without
// HTTPS too, where home servers often are. Knows no network and no player.

import type { Quality } from '../preferences.ts';
import type { QueueTrack } from '../state.ts';
import { OfflineError } from './types.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** One track at one quality; its pieces lie beside it. */
export interface Kept {
  readonly trackId: string;
  readonly quality: Quality;
  readonly track: QueueTrack;
  /** The server's manifest as it came. */
  readonly manifest: unknown;
  /** Changes with the audio: pieces of another version do not belong to it. */
  readonly version: string;
  readonly segments: number;
  readonly segmentsKept: number;
  readonly bytes: number;
  /** Unix seconds. */
  readonly savedAt: number;
  /** The quality is the best that the server offered of it. */
  readonly best: boolean;
}

/** Segments by number; what comes before them has words. */
export type Piece = number | 'init' | 'warm-up';

const VERSION = 1;
const TRACKS = 'tracks';
const PIECES = 'pieces';
type Key = readonly [trackId: string, quality: Quality];

export class Shelf {
  readonly #database: IDBDatabase;

  constructor(database: IDBDatabase) {
    this.#database = database;
  }

  all(): Promise<Kept[]> {
    return answer(this.#read(TRACKS).getAll()) as Promise<Kept[]>;
  }

  async one([trackId, quality]: Key): Promise<Kept | null> {
    const found = await answer(this.#read(TRACKS).get([trackId, quality]));
    return (found as Kept | undefined) ?? null;
  }

  async piece([trackId, quality]: Key, piece: Piece): Promise<Bytes | null> {
    const found = await answer(this.#read(PIECES).get([trackId, quality, piece]));
    return (found as Bytes | undefined) ?? null;
  }

  /** Which pieces of a track are there. */
  async pieces([trackId, quality]: Key): Promise<ReadonlySet<Piece>> {
    const keys = await answer(this.#read(PIECES).getAllKeys(ofTrack([trackId, quality])));
    return new Set(keys.map((key) => (key as [string, Quality, Piece])[2]));
  }

  /** The record, and a piece of it, at once or not at all. */
  put(kept: Kept, piece?: readonly [Piece, Bytes]): Promise<void> {
    return this.#write((tracks, pieces) => {
      tracks.put(kept);
      if (piece) pieces.put(piece[1], [kept.trackId, kept.quality, piece[0]]);
    });
  }

  remove(keys: readonly Key[]): Promise<void> {
    return this.#write((tracks, pieces) => {
      for (const [trackId, quality] of keys) {
        tracks.delete([trackId, quality]);
        pieces.delete(ofTrack([trackId, quality]));
      }
    });
  }

  close(): void {
    this.#database.close();
  }

  #read(store: string): IDBObjectStore {
    return this.#database.transaction(store, 'readonly').objectStore(store);
  }

  #write(work: (tracks: IDBObjectStore, pieces: IDBObjectStore) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const transaction = this.#database.transaction([TRACKS, PIECES], 'readwrite');
      transaction.addEventListener('complete', () => resolve());
      transaction.addEventListener('abort', () => reject(named(transaction.error)));
      try {
        work(transaction.objectStore(TRACKS), transaction.objectStore(PIECES));
      } catch (error) {
        transaction.abort();
        reject(named(error as DOMException));
      }
    });
  }
}

/** Opens the shelf of this name, made where there is none. */
export function openShelf(name: string, factory: IDBFactory | undefined): Promise<Shelf> {
  return new Promise((resolve, reject) => {
    const refuse = () =>
      reject(new OfflineError('unsupported', 'This browser does not let the page store music.'));
    if (!factory) return refuse();
    const request = factory.open(name, VERSION);
    request.addEventListener('upgradeneeded', () => {
      request.result.createObjectStore(TRACKS, { keyPath: ['trackId', 'quality'] });
      request.result.createObjectStore(PIECES);
    });
    request.addEventListener('success', () => resolve(new Shelf(request.result)));
    request.addEventListener('error', refuse);
    request.addEventListener('blocked', refuse);
  });
}

const answer = <Result>(request: IDBRequest<Result>): Promise<Result> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(named(request.error)));
  });

/** Every piece of one track: numbers sort before words, and nothing after an array. */
const ofTrack = ([trackId, quality]: Key): IDBKeyRange =>
  IDBKeyRange.bound([trackId, quality], [trackId, quality, []]);

function named(error: DOMException | null): Error {
  if (error?.name === 'QuotaExceededError') {
    return new OfflineError('quota', 'There is no room left for music on this device.');
  }
  return error ?? new Error('the browser gave up storing');
}
