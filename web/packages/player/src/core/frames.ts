// Inputs and configuration as the rows of numbers that the core reads, and its outputs back from
// them. Which number means what is said at `frame` in `crates/quicksync-wasm`; the words come from
// the core itself, so that no list is kept twice.

import { QUALITIES, type Quality } from '../preferences.ts';
import { kbps, micros, seconds } from '../units.ts';
import type {
  CoreConfig,
  CoreEstimate,
  CoreInput,
  CoreLimits,
  CoreOutput,
  NetworkPrior,
  SegmentKey,
  SegmentLadder,
} from './contract.ts';

const LISTS = [
  'inputs',
  'outputs',
  'codes',
  'qualities',
  'networks',
  'pressures',
  'failures',
  'preloads',
] as const;

/** The words for the numbers of a frame, each list in their order. */
export type Words = Readonly<Record<(typeof LISTS)[number], readonly string[]>>;

/** Reads the lists as the core writes them: one a line. */
export function readWords(text: string): Words {
  const lines = text.trimEnd().split('\n');
  if (lines.length !== LISTS.length) throw new Error('this decision core speaks another language');
  const lists = LISTS.map((list, n) => [list, (lines[n] ?? '').split(' ')]);
  return Object.fromEntries(lists) as Record<keyof Words, string[]>;
}

/** Before a reason's numbers come kind, code and three numbers about the output. */
const REASON_AT = 5;

export class Frames {
  readonly words: Words;

  constructor(words: Words) {
    this.words = words;
  }

  beginning(config: CoreConfig, track: number, ladder: SegmentLadder, now: number): number[] {
    return [
      ...this.#limits(config.limits),
      this.#place('preloads', config.preload),
      this.#place('qualities', config.startQuality),
      ...prior(config.prior),
      track,
      now,
      ...sizes(ladder),
    ];
  }

  input(input: CoreInput): number[] {
    return [this.#place('inputs', input.type), ...this.#fields(input)];
  }

  /** `row`: as many numbers as the core wrote. */
  output(row: Float64Array, reason: string): CoreOutput {
    const [kind = -1, code = -1, first = -1, second = -1, third = -1] = row;
    const about = { code: this.words.codes[code] ?? '', reason };
    const type = this.words.outputs[kind] as CoreOutput['type'];
    if (type === 'play') return { type, ...about };
    if (type === 'idle') {
      return { type, wakeAt: Number.isNaN(first) ? null : micros(first), ...about };
    }
    const quality = this.words.qualities[third] as Quality;
    return { type, segment: { track: first, index: second }, quality, ...about };
  }

  #fields(input: CoreInput): number[] {
    switch (input.type) {
      case 'segment_requested':
      case 'segment_held':
        return [...key(input.segment), this.#place('qualities', input.quality)];
      case 'bytes_received':
        return [...key(input.segment), this.#place('qualities', input.quality), input.bytes];
      case 'segment_completed': {
        const { bytes, cached } = input;
        const quality = this.#place('qualities', input.quality);
        return [...key(input.segment), quality, bytes, Number(cached)];
      }
      case 'segment_failed': {
        const quality = this.#place('qualities', input.quality);
        return [...key(input.segment), quality, this.#place('failures', input.failure)];
      }
      case 'segment_evicted':
        return key(input.segment);
      case 'playhead_at':
      case 'seeked':
        return [input.track, input.positionUs];
      case 'next_track':
        return input.next ? [input.next.track, ...sizes(input.next.ladder)] : [];
      case 'cap_changed':
        return this.#limits(input.limits);
      case 'host_load':
        return [input.load.cpu_percent, input.load.memory_percent];
      case 'device_pressure':
        return [this.#place('pressures', input.pressure)];
      case 'network_changed':
        return [this.#place('networks', input.kind), ...prior(input.prior)];
      default:
        return [];
    }
  }

  #limits(limits: CoreLimits): number[] {
    const { mode, preferQuality, adaptToSystem, networkKind, budget, cap } = limits;
    return [
      mode === 'auto' ? 0 : 1 + this.#place('qualities', mode),
      Number(preferQuality),
      Number(adaptToSystem),
      this.#place('networks', networkKind),
      budget ?? -1,
      this.#place('qualities', cap ?? 'ultra'),
      limits.target,
      limits.max,
      limits.low,
      limits.depth,
    ];
  }

  #place(list: keyof Words, word: string): number {
    return this.words[list].indexOf(word);
  }
}

/** `row`: as many numbers as the core wrote, none if it believes nothing. */
export function estimateOf(row: Float64Array): CoreEstimate | null {
  const [expected = 0, low = 0, high = 0, latency = 0, outageShare = 0] = row;
  if (row.length === 0) return null;
  const rate = (bitsPerSecond: number) => kbps(bitsPerSecond / 1e3);
  return {
    expectedKbps: rate(expected),
    lowKbps: rate(low),
    highKbps: rate(high),
    latency: seconds(latency),
    outageShare,
  };
}

/** The numbers of an output's reason. */
export const reasonNumbers = (row: Float64Array): Float64Array => row.subarray(REASON_AT);

const key = ({ track, index }: SegmentKey): number[] => [track, index];

const prior = ({ meanMbps, confidence }: NetworkPrior): number[] => [meanMbps * 1e6, confidence];

const sizes = ({ segmentUs, durationUs, segmentBytes }: SegmentLadder): number[] => [
  segmentUs,
  durationUs,
  ...QUALITIES.map((quality) => segmentBytes[quality] ?? 0),
];
