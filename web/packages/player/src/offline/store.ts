// The offline store: saves one track at a time, and opens what is whole for the player.

import type { StoredTrack } from '../engine/stored.ts';
import { readManifest } from '../net/manifest.ts';
import { QUALITIES, type Quality } from '../preferences.ts';
import type { QueueTrack } from '../state.ts';
import type { Unsubscribe } from '../store.ts';
import { bytes, seconds } from '../units.ts';
import { download, type DownloadParts } from './download.ts';
import type { Kept } from './shelf.ts';
import {
  OfflineError,
  type OfflineStore,
  type OfflineTrack,
  type OfflineUsage,
  type SaveOptions,
} from './types.ts';

/** Asked to keep what is stored, and for how much there is. */
export type Room = Partial<Pick<StorageManager, 'estimate' | 'persist'>>;

interface Saving {
  readonly trackId: string;
  readonly stop: AbortController;
}

export class ShelfStore implements OfflineStore {
  readonly #parts: DownloadParts;
  readonly #room: Room;
  readonly #listeners = new Set<() => void>();
  readonly #saving = new Set<Saving>();
  #running: { readonly trackId: string; readonly work: Promise<unknown> } | null = null;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(parts: Omit<DownloadParts, 'changed'>, room: Room) {
    this.#parts = { ...parts, changed: () => this.#changed() };
    this.#room = room;
  }

  async save(
    track: QueueTrack,
    quality: Quality,
    options: SaveOptions = {},
  ): Promise<OfflineTrack> {
    const saving = { trackId: track.id, stop: new AbortController() };
    this.#saving.add(saving);
    const { stop } = saving;
    const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
    const work = this.#tail.then(() => {
      signal.throwIfAborted();
      const running = this.#save(track, quality, { ...options, signal });
      this.#running = { trackId: track.id, work: running };
      return running;
    });
    this.#tail = work.catch(() => undefined);
    try {
      return shown(await orAborted(work, signal));
    } finally {
      this.#saving.delete(saving);
      this.#changed();
    }
  }

  async remove(trackId: string): Promise<void> {
    for (const saving of this.#saving) {
      if (saving.trackId === trackId) saving.stop.abort(removed());
    }
    if (this.#running?.trackId === trackId) await this.#running.work.catch(() => undefined);
    const { shelf } = this.#parts;
    const copies = await this.#copies(trackId);
    await shelf.remove(copies.map(({ quality }) => [trackId, quality]));
    this.#changed();
  }

  async list(): Promise<readonly OfflineTrack[]> {
    const all = await this.#parts.shelf.all();
    return all.map(shown).sort((a, b) => b.savedAt - a.savedAt);
  }

  async has(trackId: string): Promise<boolean> {
    return (await this.#copies(trackId)).some(isWhole);
  }

  async usage(): Promise<OfflineUsage> {
    const all = await this.#parts.shelf.all();
    const estimate = await this.#room.estimate?.().catch(() => null);
    const { usage, quota } = estimate ?? {};
    return {
      bytes: bytes(all.reduce((sum, kept) => sum + kept.bytes, 0)),
      usedBytes: usage === undefined ? null : bytes(usage),
      quotaBytes: quota === undefined ? null : bytes(quota),
    };
  }

  async open(trackId: string): Promise<StoredTrack | null> {
    const { shelf, api } = this.#parts;
    const kept = (await this.#copies(trackId)).find(isWhole);
    if (!kept) return null;
    const key = [trackId, kept.quality] as const;
    const init = await shelf.piece(key, 'init');
    const manifest = readManifest(kept.manifest, (url) => api.resolve(url));
    const ladder = manifest.ladder.filter(({ quality }) => quality === kept.quality);
    if (!init || ladder.length === 0) return null;
    return {
      manifest: { ...manifest, ladder, bounds: null, startQuality: kept.quality },
      init,
      read: (piece) => shelf.piece(key, piece).catch(() => null),
    };
  }

  subscribe(listener: () => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    for (const { stop } of this.#saving) stop.abort(removed());
    this.#parts.shelf.close();
  }

  async #save(track: QueueTrack, quality: Quality, options: SaveOptions): Promise<Kept> {
    // Granted or not, it is stored; granted, the browser does not take it back by itself.
    await this.#room.persist?.().catch(() => false);
    const kept = await download(this.#parts, track, quality, options);
    const copies = await this.#copies(track.id);
    const others = copies.filter((copy) => copy.quality !== kept.quality);
    await this.#parts.shelf.remove(others.map((copy) => [track.id, copy.quality]));
    return kept;
  }

  /** Best first. */
  async #copies(trackId: string): Promise<Kept[]> {
    const all = await this.#parts.shelf.all();
    return all
      .filter((kept) => kept.trackId === trackId)
      .sort((a, b) => QUALITIES.indexOf(b.quality) - QUALITIES.indexOf(a.quality));
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

const isWhole = (kept: Kept): boolean => kept.segmentsKept === kept.segments;

const removed = (): OfflineError =>
  new OfflineError('unavailable', 'The track was removed while it was being saved.');

/** What waits for its turn ends at once as well. */
const orAborted = <Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> =>
  new Promise((resolve, reject) => {
    work.then(resolve, reject);
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
  });

const shown = (kept: Kept): OfflineTrack => ({
  track: kept.track,
  quality: kept.quality,
  best: kept.best,
  complete: isWhole(kept),
  bytes: bytes(kept.bytes),
  segments: kept.segments,
  segmentsKept: kept.segmentsKept,
  savedAt: seconds(kept.savedAt),
});
