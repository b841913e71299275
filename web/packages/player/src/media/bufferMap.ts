// Which rung of which segment of a track lies in the source buffer.

import { QUALITIES, type Quality } from '../preferences.ts';
import type { BufferedRange, RungView } from '../state.ts';
import { seconds, type Seconds } from '../units.ts';
import type { Span, TrackTimeline } from './timeline.ts';

/** The browser's ranges and ours may differ by the rounding of its clock and a codec's packet. */
const TOLERANCE_S = 0.05;

export class BufferMap {
  readonly #timeline: TrackTimeline;
  readonly #rungs = new Map<number, RungView>();
  #ranges: readonly BufferedRange[] | null = null;

  constructor(timeline: TrackTimeline) {
    this.#timeline = timeline;
  }

  set(segment: number, rung: RungView): void {
    this.#rungs.set(segment, rung);
    this.#ranges = null;
  }

  has(segment: number): boolean {
    return this.#rungs.has(segment);
  }

  get held(): readonly (readonly [index: number, quality: Quality])[] {
    return [...this.#rungs].map(([index, rung]) => [index, rung.quality]);
  }

  at(position: Seconds): RungView | null {
    return this.#rungs.get(this.#timeline.segmentAt(position)) ?? null;
  }

  /** Media ahead of `position` without a gap. */
  ahead(position: Seconds): Seconds {
    let segment = this.#timeline.segmentAt(position);
    let end: number = position;
    while (this.#rungs.has(segment)) {
      end = this.#timeline.segmentSpan(segment).end;
      segment += 1;
    }
    return seconds(Math.max(0, end - position));
  }

  /** Whether everything from segment `first` on is there, in this quality or a better one. */
  holdsRest(first: number, quality: Quality): boolean {
    for (let segment = first; segment < this.#timeline.segments; segment += 1) {
      const held = this.#rungs.get(segment)?.quality ?? null;
      if (!held || QUALITIES.indexOf(held) < QUALITIES.indexOf(quality)) return false;
    }
    return true;
  }

  /** Neighbours of equal quality joined; the same array until something changes. */
  get ranges(): readonly BufferedRange[] {
    return (this.#ranges ??= this.#join());
  }

  /** Forgets the segments that `buffered`, on the source's timeline, does not hold whole. */
  reconcile(buffered: readonly Span[]): readonly number[] {
    const offset = this.#timeline.span.start;
    const lost = [...this.#rungs.keys()].filter((segment) => {
      const { start, end } = this.#timeline.segmentSpan(segment);
      return !buffered.some(
        (span) =>
          span.start <= offset + start + TOLERANCE_S && span.end >= offset + end - TOLERANCE_S,
      );
    });
    for (const segment of lost) this.#rungs.delete(segment);
    if (lost.length > 0) this.#ranges = null;
    return lost;
  }

  #join(): readonly BufferedRange[] {
    const joined: BufferedRange[] = [];
    for (const [segment, rung] of [...this.#rungs].sort(([a], [b]) => a - b)) {
      const span = this.#timeline.segmentSpan(segment);
      const last = joined.at(-1);
      if (last && last.end === span.start && last.quality === rung.quality) {
        joined[joined.length - 1] = { ...last, end: span.end };
      } else {
        joined.push({ ...span, ...rung });
      }
    }
    return joined;
  }
}
