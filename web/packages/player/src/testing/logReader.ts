// Reads a decision log back: what the core was told, in the words of the contract.

import type { CoreConfig, CoreInput, CoreLimits, SegmentLadder } from '../core/contract.ts';
import { QUALITIES, type Mode, type NetworkKind, type Quality } from '../preferences.ts';
import { bytes, micros, seconds, type Micros } from '../units.ts';

export interface DecisionLog {
  readonly config: CoreConfig;
  readonly track: number;
  readonly ladder: SegmentLadder;
  readonly begun: Micros;
  readonly inputs: readonly { readonly at: Micros; readonly input: CoreInput }[];
}

export function readLog(text: string): DecisionLog {
  const [, config, track, ...lines] = text.trimEnd().split('\n');
  const told = lines.filter((line) => line.startsWith('< '));
  return {
    config: readConfig(pairs(config!)),
    track: Number(track!.split(' ')[1]),
    ladder: readLadder(pairs(track!)),
    begun: micros(Number(pairs(track!)['at'])),
    inputs: told.map((line) => {
      const [, at, ...words] = line.split(' ');
      return { at: micros(Number(at)), input: readInput(words) };
    }),
  };
}

type Pairs = Readonly<Record<string, string>>;

const pairs = (line: string): Pairs =>
  Object.fromEntries(
    line
      .split(' ')
      .filter((word) => word.includes('='))
      .map((word) => word.split('=')),
  );

const readPrior = (of: Pairs) => ({
  meanMbps: Number(of['prior_bps']) / 1e6,
  confidence: Number(of['prior_confidence']),
});

const readLimits = (of: Pairs): CoreLimits => ({
  mode: of['mode'] as Mode,
  preferQuality: of['prefer_quality'] === 'true',
  adaptToSystem: of['adapt_to_system'] === 'true',
  networkKind: of['network'] as NetworkKind,
  budget: of['budget_bytes'] === 'none' ? null : bytes(Number(of['budget_bytes'])),
  cap: (of['cap'] ?? null) as Quality | null,
  target: seconds(Number(of['target_s'])),
  max: seconds(Number(of['max_s'])),
  low: seconds(Number(of['low_s'])),
  depth: seconds(Number(of['depth_s'])),
});

const readConfig = (of: Pairs): CoreConfig => ({
  limits: readLimits(of),
  preload: of['preload'] as CoreConfig['preload'],
  startQuality: of['start'] as Quality,
  prior: readPrior(of),
});

function readLadder(of: Pairs): SegmentLadder {
  const offered = QUALITIES.filter((quality) => quality in of);
  return {
    segmentUs: micros(Number(of['segment_us'])),
    durationUs: micros(Number(of['duration_us'])),
    segmentBytes: Object.fromEntries(
      offered.map((quality) => [quality, bytes(Number(of[quality]))]),
    ),
  };
}

function readInput([type, ...words]: string[]): CoreInput {
  const [first, second, third, fourth, fifth] = words;
  const segment = { track: Number(first), index: Number(second) };
  const of = pairs(words.join(' '));
  const found: Record<string, object> = {
    segment_requested: { segment, quality: third },
    bytes_received: { segment, quality: third, bytes: Number(fourth) },
    segment_completed: {
      segment,
      quality: third,
      bytes: Number(fourth),
      cached: fifth === 'true',
    },
    segment_held: { segment, quality: third },
    segment_evicted: { segment },
    segment_failed: { segment, quality: third, failure: fourth },
    playhead_at: { track: Number(first), positionUs: Number(second) },
    seeked: { track: Number(first), positionUs: Number(second) },
    next_track: {
      next: first === 'none' ? null : { track: Number(first), ladder: readLadder(of) },
    },
    cap_changed: { limits: readLimits(of) },
    host_load: { load: { cpu_percent: Number(first), memory_percent: Number(second) } },
    device_pressure: { pressure: first },
    network_changed: { kind: of['network'], prior: readPrior(of) },
  };
  return { type, ...found[type!] } as CoreInput;
}
