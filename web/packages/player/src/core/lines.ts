// Lines of the decision log: what the core was told and what it answered, to be replayed wherever
// the core runs.

import { QUALITIES } from '../preferences.ts';
import type {
  CoreConfig,
  CoreInput,
  CoreLimits,
  CoreOutput,
  NetworkPrior,
  SegmentKey,
  SegmentLadder,
} from './contract.ts';

/** First line of every log. */
export const VERSION_LINE = 'quicksync-decision-log 2';

/** A number as the core writes it: `1e21`, where JavaScript would write `1e+21`. */
const decimal = (number: number): string =>
  Object.is(number, -0) ? '-0' : String(number).replace('e+', 'e');

/** `numbers`: of the reason. */
export function outputLine(output: CoreOutput, numbers: ArrayLike<number>): string {
  const why = [output.code, ...Array.from(numbers, decimal)].join(' ');
  switch (output.type) {
    case 'idle':
      return `idle ${output.wakeAt ?? 'none'} ${why}`;
    case 'play':
      return `play ${why} # ${output.reason}`;
    default:
      return `${output.type} ${key(output.segment)} ${output.quality} ${why} # ${output.reason}`;
  }
}

export const configLine = (config: CoreConfig): string => {
  const { preload, startQuality } = config;
  const what = `preload=${preload} start=${startQuality} ${priorWords(config.prior)}`;
  return `config ${limitWords(config.limits)} ${what}`;
};

export const trackLine = (track: number, ladder: SegmentLadder, now: number): string =>
  `track ${track} at=${now} ${ladderWords(ladder)}`;

export function inputLine(input: CoreInput): string {
  switch (input.type) {
    case 'segment_requested':
    case 'segment_held':
      return `${input.type} ${key(input.segment)} ${input.quality}`;
    case 'bytes_received':
      return `${input.type} ${key(input.segment)} ${input.quality} ${input.bytes}`;
    case 'segment_completed':
      return `${input.type} ${key(input.segment)} ${input.quality} ${input.bytes} ${input.cached}`;
    case 'segment_failed':
      return `${input.type} ${key(input.segment)} ${input.quality} ${input.failure}`;
    case 'segment_evicted':
      return `${input.type} ${key(input.segment)}`;
    case 'playhead_at':
    case 'seeked':
      return `${input.type} ${input.track} ${input.positionUs}`;
    case 'next_track': {
      const { next } = input;
      return `next_track ${next ? `${next.track} ${ladderWords(next.ladder)}` : 'none'}`;
    }
    case 'cap_changed':
      return `cap_changed ${limitWords(input.limits)}`;
    case 'host_load':
      return `host_load ${decimal(input.load.cpu_percent)} ${decimal(input.load.memory_percent)}`;
    case 'device_pressure':
      return `device_pressure ${input.pressure}`;
    case 'network_changed':
      return `network_changed network=${input.kind} ${priorWords(input.prior)}`;
    default:
      return input.type;
  }
}

const key = (segment: SegmentKey): string => `${segment.track} ${segment.index}`;

function limitWords(limits: CoreLimits): string {
  const { mode, preferQuality, adaptToSystem, networkKind, budget, cap } = limits;
  const [target, max] = [decimal(limits.target), decimal(limits.max)];
  const [low, depth] = [decimal(limits.low), decimal(limits.depth)];
  return [
    `mode=${mode} prefer_quality=${preferQuality} adapt_to_system=${adaptToSystem}`,
    `network=${networkKind} budget_bytes=${budget ?? 'none'}`,
    `target_s=${target} max_s=${max} low_s=${low} depth_s=${depth}`,
    ...(cap && cap !== 'ultra' ? [`cap=${cap}`] : []),
  ].join(' ');
}

const priorWords = ({ meanMbps, confidence }: NetworkPrior): string =>
  `prior_bps=${decimal(meanMbps * 1e6)} prior_confidence=${decimal(confidence)}`;

function ladderWords({ segmentUs, durationUs, segmentBytes }: SegmentLadder): string {
  const sizes = QUALITIES.flatMap((quality) => {
    const size = segmentBytes[quality];
    return size === undefined ? [] : [`${quality}=${size}`];
  });
  return [`segment_us=${segmentUs}`, `duration_us=${durationUs}`, ...sizes].join(' ');
}
