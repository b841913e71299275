// Where a track and its segments lie on the timeline of the media source, in exact samples.

import { samples, samplesToSeconds, type Samples, type Seconds } from '../units.ts';

interface Lengths {
  readonly samples: Samples;
  readonly segmentSamples: Samples;
  readonly segments: number;
}

export interface Span {
  readonly start: Seconds;
  readonly end: Seconds;
}

/** One track from `offset` on. Positions given and answered are the track's own. */
export class TrackTimeline {
  readonly offset: Samples;
  readonly samples: Samples;
  readonly segments: number;
  readonly #segmentSamples: Samples;

  constructor(offset: Samples, lengths: Lengths) {
    this.offset = offset;
    this.samples = lengths.samples;
    this.segments = lengths.segments;
    this.#segmentSamples = lengths.segmentSamples;
  }

  /** Where the next track begins. */
  get endOffset(): Samples {
    return samples(this.offset + this.samples);
  }

  get duration(): Seconds {
    return samplesToSeconds(this.samples);
  }

  /** On the timeline of the media source. */
  get span(): Span {
    return { start: samplesToSeconds(this.offset), end: samplesToSeconds(this.endOffset) };
  }

  segmentSpan(segment: number): Span {
    const start = segment * this.#segmentSamples;
    const end = Math.min(start + this.#segmentSamples, this.samples);
    return { start: samplesToSeconds(samples(start)), end: samplesToSeconds(samples(end)) };
  }

  segmentAt(position: Seconds): number {
    const segment = Math.floor((position * 48_000) / this.#segmentSamples + 1e-9);
    return Math.min(Math.max(segment, 0), this.segments - 1);
  }
}
