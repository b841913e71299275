// Which rung is buffered where, as hls.js tells it segment by segment.

import type { BufferedRange, RungView } from '../state.ts';
import { seconds } from '../units.ts';

interface Piece extends RungView {
  readonly start: number;
  readonly end: number;
}

/** Ends of pieces and of the browser's ranges differ by less. */
const NEAR_S = 0.05;

export class Heard {
  #pieces: readonly Piece[] = [];

  add(piece: Piece): void {
    const others = this.#pieces.filter(
      ({ start, end }) => end <= piece.start + NEAR_S || start >= piece.end - NEAR_S,
    );
    this.#pieces = [...others, piece].sort((a, b) => a.start - b.start);
  }

  clear(): void {
    this.#pieces = [];
  }

  at(position: number): RungView | null {
    const piece = this.#pieces.find(({ start, end }) => start <= position && position < end);
    return piece ? { quality: piece.quality, bitrateKbps: piece.bitrateKbps } : null;
  }

  /** What of it is buffered still; neighbours of one quality are one. */
  ranges(buffered: TimeRanges): readonly BufferedRange[] {
    const isThere = ({ start, end }: Piece) => {
      const middle = (start + end) / 2;
      return Array.from({ length: buffered.length }, (_, n) => n).some(
        (n) => buffered.start(n) <= middle && middle < buffered.end(n),
      );
    };
    const ranges: BufferedRange[] = [];
    for (const { start, end, quality, bitrateKbps } of this.#pieces.filter(isThere)) {
      const last = ranges.at(-1);
      if (last?.quality === quality && start - last.end < NEAR_S) {
        ranges[ranges.length - 1] = { ...last, end: seconds(end) };
      } else ranges.push({ start: seconds(start), end: seconds(end), quality, bitrateKbps });
    }
    return ranges;
  }
}
