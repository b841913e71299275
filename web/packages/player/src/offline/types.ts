// What a listener keeps on the device for times without a network.

import type { StoredTracks } from '../engine/stored.ts';
import type { Quality } from '../preferences.ts';
import type { QueueTrack } from '../state.ts';
import type { Unsubscribe } from '../store.ts';
import type { Bytes, Seconds } from '../units.ts';

/** A track at one quality, whole or on its way. */
export interface OfflineTrack {
  /** As it was given to `save`: enough to show it and to put it in a queue. */
  readonly track: QueueTrack;
  readonly quality: Quality;
  /** The server offered no better one. */
  readonly best: boolean;
  /** False while segments are missing: `save` again goes on where it stopped. */
  readonly complete: boolean;
  /** Kept so far. */
  readonly bytes: Bytes;
  readonly segments: number;
  readonly segmentsKept: number;
  /** Unix time of the last change. */
  readonly savedAt: Seconds;
}

export interface SaveProgress {
  readonly trackId: string;
  readonly quality: Quality;
  readonly segments: number;
  readonly segmentsDone: number;
  readonly bytesDone: Bytes;
  /** Of the whole, to within a segment. */
  readonly bytesTotal: Bytes;
}

export interface SaveOptions {
  readonly onProgress?: (progress: SaveProgress) => void;
  /** Stops it; what is there stays, and the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface OfflineUsage {
  /** Of stored tracks. */
  readonly bytes: Bytes;
  /** What the browser has given away on this origin, and would give; null where it does not say. */
  readonly usedBytes: Bytes | null;
  readonly quotaBytes: Bytes | null;
}

/**
 * `quota`: the device has no room. `network`: nobody answers. `unauthorized`: log in again.
 * `unavailable`: the server does not have the track. `unsupported`: this browser stores nothing.
 */
export type OfflineErrorCode = 'quota' | 'network' | 'unauthorized' | 'unavailable' | 'unsupported';

/** It could not be stored, and why; the message is a sentence for a person. */
export class OfflineError extends Error {
  readonly code: OfflineErrorCode;

  constructor(code: OfflineErrorCode, message: string) {
    super(message);
    this.name = 'OfflineError';
    this.code = code;
  }
}

/** Tracks kept on this device. Give it to `createPlayer` as `offline` to play from it. */
export interface OfflineStore extends StoredTracks {
  /**
   * Downloads a track at `quality`, or at the next lower one offered. One at a time, in the order
   * asked. A copy at another quality stays until this one is whole, then goes.
   *
   * Rejects with an {@link OfflineError}, or with the reason of `signal`.
   */
  save(track: QueueTrack, quality: Quality, options?: SaveOptions): Promise<OfflineTrack>;
  /** Every copy of it; stops its download. */
  remove(trackId: string): Promise<void>;
  /** Last saved first; unfinished ones too. */
  list(): Promise<readonly OfflineTrack[]>;
  /** Whether it can be played without a network. */
  has(trackId: string): Promise<boolean>;
  usage(): Promise<OfflineUsage>;
  /** Calls `listener` when the list has changed. */
  subscribe(listener: () => void): Unsubscribe;
  close(): void;
}
