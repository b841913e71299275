// Counts bytes of media that nobody hears: replaced, taken back, or left behind.

import type { CoreInput } from '../core/contract.ts';

/** 184,320 samples: every segment but the last of a track (docs/design/segment-grid.md). */
const SEGMENT_US = 3_840_000;

export class Waste {
  /** Bytes of what is buffered, by track and segment. */
  readonly #held = new Map<number, Map<number, number>>();
  readonly #tell: (bytes: number) => void;
  #track = -1;
  #heardTo = 0;

  constructor(tell: (bytes: number) => void) {
    this.#tell = tell;
  }

  /** What the core is told, in order. */
  hear(input: CoreInput): void {
    switch (input.type) {
      case 'segment_completed': {
        const { track, index } = input.segment;
        // The core begins with a track, and tells of it only once it moves.
        if (this.#track < 0) this.#track = track;
        const held = this.#held.get(track) ?? new Map<number, number>();
        this.#say(held.get(index) ?? 0);
        // What is kept on this device was paid for when it was saved.
        held.set(index, input.cached ? 0 : input.bytes);
        this.#held.set(track, held);
        break;
      }
      case 'segment_evicted':
        this.#drop(input.segment.track, (index) => index === input.segment.index);
        break;
      case 'playhead_at':
      case 'seeked':
        if (input.track !== this.#track) this.leave();
        this.#track = input.track;
        this.#heardTo = Math.floor(input.positionUs / SEGMENT_US);
        break;
      case 'next_track':
        for (const track of this.#held.keys()) {
          if (track !== this.#track && track !== input.next?.track) this.#drop(track, () => true);
        }
    }
  }

  /** Seconds of the present track. */
  heard(position: number): void {
    this.#heardTo = Math.floor((position * 1e6) / SEGMENT_US);
  }

  /** The present track is left where it is. */
  leave(): void {
    this.#drop(this.#track, () => true);
  }

  #drop(track: number, which: (index: number) => boolean): void {
    const held = this.#held.get(track);
    let lost = 0;
    for (const [index, bytes] of held ?? []) {
      if (!which(index)) continue;
      held?.delete(index);
      if (track !== this.#track || index > this.#heardTo) lost += bytes;
    }
    this.#say(lost);
  }

  #say(bytes: number): void {
    if (bytes > 0) this.#tell(bytes);
  }
}
