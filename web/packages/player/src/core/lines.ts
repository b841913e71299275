// Inputs and configuration as lines of the decision log: the one form that the core reads, in the
// browser and wherever a log is replayed.

import { QUALITIES } from '../preferences.ts';
import type {
  CoreConfig,
  CoreInput,
  CoreLimits,
  NetworkPrior,
  SegmentKey,
  SegmentLadder,
} from './contract.ts';

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
      return `host_load ${input.load.cpu_percent} ${input.load.memory_percent}`;
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
  const { mode, preferQuality, adaptToSystem, networkKind, target, max, low, depth } = limits;
  return [
    `mode=${mode} prefer_quality=${preferQuality} adapt_to_system=${adaptToSystem}`,
    `network=${networkKind} budget_bytes=none`,
    `target_s=${target} max_s=${max} low_s=${low} depth_s=${depth}`,
  ].join(' ');
}

const priorWords = ({ meanMbps, confidence }: NetworkPrior): string =>
  `prior_bps=${meanMbps * 1e6} prior_confidence=${confidence}`;

function ladderWords({ segmentUs, durationUs, segmentBytes }: SegmentLadder): string {
  const sizes = QUALITIES.flatMap((quality) => {
    const size = segmentBytes[quality];
    return size === undefined ? [] : [`${quality}=${size}`];
  });
  return [`segment_us=${segmentUs}`, `duration_us=${durationUs}`, ...sizes].join(' ');
}
