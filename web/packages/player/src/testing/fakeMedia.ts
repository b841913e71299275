// An audio element, media source and source buffer that remember which segment lies where.

import type { MediaElementPort, MediaSourceFactory } from '../platform.ts';
import { QUALITIES, type Quality } from '../preferences.ts';
import { WARM_UP } from '../media/warmUp.ts';
import { millis } from '../units.ts';
import { WARM_UP_MARK } from './fakeServer.ts';
import type { FakeClock } from './fakeClock.ts';

const SEGMENT_S = 3.84;
const TICK_MS = 50;

export interface Piece {
  start: number;
  end: number;
  readonly bytes: number;
  readonly index: number;
  readonly quality: Quality;
  readonly track: string;
}

const soon = (work: () => void): void => void Promise.resolve().then(work);

export class FakeSourceBuffer extends EventTarget {
  timestampOffset = 0;
  appendWindowStart = 0;
  appendWindowEnd = Infinity;
  pieces: Piece[] = [];
  capacityBytes = Infinity;
  /** Every append and removal, in order. */
  readonly log: string[] = [];
  updating = false;
  readonly #source: FakeMediaSource;

  constructor(source: FakeMediaSource) {
    super();
    this.#source = source;
  }

  get buffered() {
    const joined: { start: number; end: number }[] = [];
    for (const { start, end } of [...this.pieces].sort((a, b) => a.start - b.start)) {
      const last = joined.at(-1);
      if (last && start <= last.end + 1e-6) last.end = Math.max(last.end, end);
      else joined.push({ start, end });
    }
    return {
      length: joined.length,
      start: (i: number) => joined[i]!.start,
      end: (i: number) => joined[i]!.end,
    };
  }

  changeType(type: string): void {
    this.log.push(`type ${type}`);
  }

  appendBuffer(data: Uint8Array): void {
    const used = this.pieces.reduce((sum, piece) => sum + piece.bytes, 0);
    if (this.updating) throw new DOMException('busy', 'InvalidStateError');
    if (used + data.byteLength > this.capacityBytes) {
      throw new DOMException('full', 'QuotaExceededError');
    }
    this.#source.reopen();
    this.#finish(() => this.#add(data));
  }

  remove(start: number, end: number): void {
    this.log.push(`remove ${start.toFixed(2)} ${end.toFixed(2)}`);
    this.#source.reopen();
    this.#finish(() => this.#cut(start, end));
  }

  #add(data: Uint8Array): void {
    if (data.byteLength === 1) return void this.log.push('init');
    const warm = data[0] === WARM_UP_MARK;
    const [index = 0, quality = 0, track = 0] = warm ? data.subarray(1) : data;
    const from = this.timestampOffset + (warm ? WARM_UP : 0) + index * SEGMENT_S;
    const start = Math.max(from, this.appendWindowStart);
    const end = Math.min(from + SEGMENT_S, this.appendWindowEnd);
    const name = QUALITIES[quality] ?? 'low';
    this.log.push(`${String.fromCharCode(track)}${index} ${name}`);
    this.#cut(start, end);
    const { byteLength: bytes } = data;
    this.pieces.push({
      start,
      end,
      bytes,
      index,
      quality: name,
      track: String.fromCharCode(track),
    });
  }

  #cut(start: number, end: number): void {
    this.pieces = this.pieces.filter(
      (piece) =>
        piece.start < start - 1e-6 ||
        piece.end > end + 1e-6 ||
        piece.end <= start ||
        piece.start >= end,
    );
    for (const piece of this.pieces) {
      if (piece.start < end && piece.end > end && piece.start >= start) piece.start = end;
      else if (piece.end > start && piece.start < start && piece.end <= end) piece.end = start;
    }
  }

  #finish(work: () => void): void {
    this.updating = true;
    soon(() => {
      work();
      this.updating = false;
      this.dispatchEvent(new Event('updateend'));
    });
  }
}

export class FakeMediaSource extends EventTarget {
  readyState: 'closed' | 'open' | 'ended' = 'closed';
  duration = NaN;
  buffer: FakeSourceBuffer | null = null;
  mimeType = '';
  capacityBytes = Infinity;

  addSourceBuffer(mimeType: string): FakeSourceBuffer {
    this.mimeType = mimeType;
    this.buffer = new FakeSourceBuffer(this);
    this.buffer.capacityBytes = this.capacityBytes;
    return this.buffer;
  }

  endOfStream(): void {
    this.readyState = 'ended';
    this.duration = Math.max(...this.buffer!.pieces.map(({ end }) => end));
  }

  open(): void {
    this.readyState = 'open';
    this.dispatchEvent(new Event('sourceopen'));
  }

  reopen(): void {
    if (this.readyState === 'ended') this.readyState = 'open';
  }
}

/** Plays at the pace of the fake clock, as far as there is media. */
export class FakeElement extends EventTarget {
  paused = true;
  ended = false;
  volume = 1;
  muted = false;
  playbackRate = 1;
  src = '';
  disableRemotePlayback = false;
  error: MediaError | null = null;
  refusesToPlay = false;
  /** MIME types that it decodes. */
  plays = /opus/i;
  /** Which piece was heard, in order. */
  readonly heard: Piece[] = [];
  readonly source = new FakeMediaSource();
  #time = 0;
  #starved = false;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    super();
    this.#clock = clock;
    this.#tick();
  }

  get currentTime(): number {
    return this.#time;
  }

  set currentTime(time: number) {
    this.#time = Math.min(time, Number.isNaN(this.source.duration) ? time : this.source.duration);
    this.#starved = false;
    this.ended = false;
    soon(() => this.#say('seeked'));
  }

  async play(): Promise<void> {
    if (this.refusesToPlay) throw new DOMException('no gesture', 'NotAllowedError');
    if (!this.paused) return;
    this.paused = false;
    this.#starved = false;
    soon(() => (this.#say('play'), this.#say('playing')));
  }

  pause(): void {
    if (this.paused) return;
    this.paused = true;
    soon(() => this.#say('pause'));
  }

  load(): void {}

  removeAttribute(): void {
    this.src = '';
  }

  get heardNames(): string[] {
    return this.heard.map(({ track, index, quality }) => `${track}${index} ${quality}`);
  }

  #say(name: string): void {
    this.dispatchEvent(new Event(name));
  }

  #tick(): void {
    this.#clock.after(millis(TICK_MS), () => this.#tick());
    if (this.paused) return;
    const piece = this.source.buffer?.pieces.find(
      ({ start, end }) => start <= this.#time + 1e-6 && this.#time < end - 1e-6,
    );
    if (!piece) return this.#starve();
    if (this.heard.at(-1) !== piece) this.heard.push(piece);
    this.#time = Math.min(this.#time + (this.playbackRate * TICK_MS) / 1e3, piece.end);
    this.#say('timeupdate');
  }

  #starve(): void {
    const { readyState, duration } = this.source;
    if (readyState === 'ended' && this.#time >= duration - 1e-6) {
      this.ended = true;
      this.paused = true;
      this.#say('pause');
      this.#say('ended');
    } else if (!this.#starved) {
      this.#starved = true;
      this.#say('waiting');
    }
  }
}

export const portOf = (element: FakeElement): MediaElementPort =>
  element as unknown as MediaElementPort;

/** The sources of these elements, in the order in which they are asked for. */
export const factoryOf = (...elements: readonly FakeElement[]): MediaSourceFactory => {
  const waiting = [...elements];
  const byPort = new Map(elements.map((element) => [portOf(element), element]));
  return {
    isTypeSupported: (mimeType) => elements[0]?.plays.test(mimeType) ?? false,
    create: () => waiting.shift()?.source as unknown as MediaSource,
    attach: (element) => {
      soon(() => byPort.get(element)?.source.open());
      return () => undefined;
    },
  };
};
