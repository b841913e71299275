// The one source buffer: takes placed media in order, makes room when it is full, and never fetches
// anything itself.

import { sleep, type Clock, type MediaElementPort, type MediaSourceFactory } from '../platform.ts';
import { millis, seconds, type Seconds } from '../units.ts';
import type { Span } from './timeline.ts';
import { WARM_UP, withWarmUp } from './warmUp.ts';

/** Where media belongs: what lies outside of `span` is cut off, to the sample. */
export interface Placement {
  readonly mimeType: string;
  readonly init: Uint8Array<ArrayBuffer>;
  readonly span: Span;
  /** Aborts when the media is not wanted any more. */
  readonly signal: AbortSignal;
}

/** `kept`: it is in the buffer. `dropped`: it was not wanted any more when its turn came. */
export type Appended = 'kept' | 'dropped';

/** Kept behind the playhead when the buffer is full: enough to hear no difference. */
const KEEP_WHEN_FULL_S = 2;
/** Kept behind the playhead always, so that a short way back costs no data. */
const KEEP_BEHIND_S = 60;
const ROOM_CHECK = millis(1_000);

export interface SinkOptions {
  readonly clock: Clock;
  readonly element: MediaElementPort;
  readonly factory: MediaSourceFactory;
  /** A managed source says when it wants media. */
  readonly onStreaming: (streaming: boolean) => void;
  /** What the buffer holds may have changed. */
  readonly onBuffered: () => void;
}

export class Sink {
  readonly #options: SinkOptions;
  readonly #source: MediaSource;
  readonly #detach: () => void;
  readonly #opened: Promise<void>;
  #buffer: SourceBuffer | null = null;
  #mimeType = '';
  #placed: Placement | null = null;
  #tail: Promise<unknown>;
  #urgent = new AbortController();

  constructor(options: SinkOptions) {
    this.#options = options;
    this.#source = options.factory.create();
    this.#opened = new Promise((resolve) =>
      this.#source.addEventListener('sourceopen', () => resolve(), { once: true }),
    );
    this.#source.addEventListener('startstreaming', () => options.onStreaming(true));
    this.#source.addEventListener('endstreaming', () => options.onStreaming(false));
    this.#detach = options.factory.attach(options.element, this.#source);
    this.#tail = this.#opened;
  }

  /** What the browser holds, on the source's timeline. */
  get buffered(): readonly Span[] {
    const ranges = this.#buffer?.buffered;
    if (!ranges) return [];
    return Array.from({ length: ranges.length }, (_, i) => ({
      start: seconds(ranges.start(i)),
      end: seconds(ranges.end(i)),
    }));
  }

  /** Resolves when everything asked for so far is done. */
  settled(): Promise<unknown> {
    return this.#tail;
  }

  /** Prepares for media at `placement`, so that the first segment meets an open decoder. */
  place(placement: Placement): Promise<Appended> {
    return this.#enqueue(async () => {
      if (placement.signal.aborted) return 'dropped';
      await this.#turnTo(placement);
      return 'kept';
    });
  }

  /** `warmUp`: decoded before `data` and not heard, where the sound comes from another track. */
  append(
    placement: Placement,
    data: Uint8Array<ArrayBuffer>,
    warmUp: Uint8Array | null = null,
  ): Promise<Appended> {
    return this.#enqueue(async () => {
      if (placement.signal.aborted) return 'dropped';
      if (this.#placed !== placement) await this.#turnTo(placement);
      const outcome = await this.#appendWarm(placement, data, warmUp);
      await this.#trim(KEEP_BEHIND_S);
      return outcome;
    });
  }

  /** Removes everything from `start` on. */
  clear(start: Seconds): Promise<void> {
    this.hurry();
    return this.#enqueue(() => this.#remove(start, Infinity));
  }

  /** Drops what waits for room: the playhead has gone elsewhere. */
  hurry(): void {
    this.#urgent.abort();
    this.#urgent = new AbortController();
  }

  /** Nothing follows what is buffered now. */
  finish(): Promise<void> {
    return this.#enqueue(async () => {
      if (this.#source.readyState === 'open' && this.#buffer) this.#source.endOfStream();
    });
  }

  destroy(): void {
    this.hurry();
    this.#detach();
  }

  #enqueue<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#tail.then(work);
    this.#tail = result.catch(() => undefined);
    return result;
  }

  async #turnTo(placement: Placement): Promise<void> {
    const buffer = (this.#buffer ??= this.#open(placement.mimeType));
    if (placement.mimeType !== this.#mimeType) {
      buffer.changeType(placement.mimeType);
      this.#mimeType = placement.mimeType;
    }
    const { start, end } = placement.span;
    buffer.timestampOffset = start;
    // Each bound is checked against the other: widen before narrowing.
    buffer.appendWindowStart = 0;
    buffer.appendWindowEnd = end;
    buffer.appendWindowStart = start;
    await this.#update(() => buffer.appendBuffer(placement.init));
    // A seek never goes beyond the duration, so it has to be there before the media is.
    if (!(this.#source.duration >= end && this.#source.duration < Infinity)) {
      this.#source.duration = end;
    }
    this.#placed = placement;
  }

  #open(mimeType: string): SourceBuffer {
    const buffer = this.#source.addSourceBuffer(mimeType);
    this.#mimeType = mimeType;
    // Managed sources take media away on their own.
    buffer.addEventListener('bufferedchange', () => this.#options.onBuffered());
    return buffer;
  }

  /** What lies before the append window is kept to prepare the decoder for what follows at once. */
  async #appendWarm(
    placement: Placement,
    data: Uint8Array<ArrayBuffer>,
    warmUp: Uint8Array | null,
  ): Promise<Appended> {
    if (!warmUp || !this.#buffer) return this.#appendWithRoom(placement, data);
    const { start } = placement.span;
    this.#buffer.timestampOffset = start - WARM_UP;
    const outcome = await this.#appendWithRoom(placement, withWarmUp(warmUp, data));
    this.#buffer.timestampOffset = start;
    return outcome;
  }

  async #appendWithRoom(placement: Placement, data: Uint8Array<ArrayBuffer>): Promise<Appended> {
    const unwanted = AbortSignal.any([placement.signal, this.#urgent.signal]);
    while (!unwanted.aborted) {
      try {
        await this.#update(() => this.#buffer?.appendBuffer(data));
        return 'kept';
      } catch (error) {
        if (!(error instanceof Error && error.name === 'QuotaExceededError')) throw error;
      }
      const freed = await this.#trim(KEEP_WHEN_FULL_S);
      if (!freed) await sleep(this.#options.clock, ROOM_CHECK, unwanted);
    }
    return 'dropped';
  }

  /** Removes what lies more than `keep` behind the playhead; false if that is nothing. */
  async #trim(keep: number): Promise<boolean> {
    const until = this.#options.element.currentTime - keep;
    const first = this.buffered[0];
    if (!first || first.start >= until) return false;
    await this.#remove(0, until);
    this.#options.onBuffered();
    return true;
  }

  async #remove(start: number, end: number): Promise<void> {
    const last = this.buffered.at(-1);
    // Beyond the duration is an error, and there is nothing there.
    if (!last || last.end <= start) return;
    await this.#update(() => this.#buffer?.remove(start, end));
  }

  #update(start: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const buffer = this.#buffer;
      if (!buffer) return resolve();
      const settle = (failed: boolean) => {
        buffer.removeEventListener('updateend', done);
        buffer.removeEventListener('error', broken);
        if (failed) reject(new Error('the browser could not take the media in'));
        else resolve();
      };
      const done = () => settle(false);
      const broken = () => settle(true);
      buffer.addEventListener('updateend', done);
      buffer.addEventListener('error', broken);
      try {
        start();
      } catch (error) {
        buffer.removeEventListener('updateend', done);
        buffer.removeEventListener('error', broken);
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }
}
