// The server's description of one track, checked field by field before anything relies on it.

import type { SegmentLadder } from '../core/contract.ts';
import { QUALITIES, type Bounds, type Quality } from '../preferences.ts';
import {
  bytes,
  kbps,
  samples,
  samplesToSeconds,
  secondsToMicros,
  type Bytes,
  type Kbps,
  type Samples,
} from '../units.ts';
import { readBounds } from './bounds.ts';

export interface Rung {
  readonly quality: Quality;
  readonly bitrateKbps: Kbps;
  readonly codec: string;
  readonly initUrl: string;
  /** With `{n}` in the place of the segment, counted from 0. */
  readonly segmentUrl: string;
  readonly segmentBytes: Bytes;
}

/** The file that the renditions are made from. */
export interface Original {
  readonly codec: string;
  readonly bitrateKbps: Kbps;
  readonly sampleRateHz: number;
  readonly bitsPerSample: number | null;
  readonly channels: number;
}

/** By EBU R 128, LUFS. */
export interface Loudness {
  readonly trackLufs: number;
  /** Null until the whole album is measured. */
  readonly albumLufs: number | null;
}

export interface Manifest {
  readonly trackId: string;
  readonly samples: Samples;
  readonly segmentSamples: Samples;
  readonly segments: number;
  readonly startQuality: Quality;
  /** Null until it is measured. */
  readonly loudness: Loudness | null;
  /** Null where the server says nothing of bounds. */
  readonly bounds: Bounds | null;
  /** Null where the server does not say. */
  readonly original: Original | null;
  /** Lowest first, never empty. */
  readonly ladder: readonly Rung[];
}

/** The answer is not a manifest of ours. */
export class ManifestError extends Error {}

type Wire = Record<string, unknown>;

const refuse = (field: string): never => {
  throw new ManifestError(`the manifest has no usable ${field}`);
};

const count = (wire: Wire, field: string): number => {
  const value = wire[field];
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0
    ? value
    : refuse(field);
};

const text = (wire: Wire, field: string): string => {
  const value = wire[field];
  return typeof value === 'string' && value !== '' ? value : refuse(field);
};

const quality = (value: unknown, field: string): Quality =>
  QUALITIES.find((known) => known === value) ?? refuse(field);

const isWire = (value: unknown): value is Wire => typeof value === 'object' && value !== null;

function readRung(value: unknown, resolve: (url: string) => string): Rung {
  const wire = isWire(value) ? value : refuse('ladder');
  return {
    quality: quality(wire['quality'], 'ladder.quality'),
    bitrateKbps: kbps(count(wire, 'bitrate_kbps')),
    codec: text(wire, 'codec'),
    initUrl: resolve(text(wire, 'init_url')),
    segmentUrl: resolve(text(wire, 'segment_url')),
    segmentBytes: bytes(count(wire, 'segment_bytes')),
  };
}

/** Playback does not depend on it: what is not usable is as good as not measured. */
function readLoudness(value: unknown): Loudness | null {
  const level = (field: string): number | null => {
    const lufs = isWire(value) ? value[field] : null;
    return typeof lufs === 'number' && Number.isFinite(lufs) ? lufs : null;
  };
  const trackLufs = level('track_lufs');
  return trackLufs === null ? null : { trackLufs, albumLufs: level('album_lufs') };
}

/** Only shown: what is not usable is not said. */
function readOriginal(value: unknown): Original | null {
  if (!isWire(value)) return null;
  const number = (field: string): number => {
    const given = value[field];
    return typeof given === 'number' && Number.isFinite(given) ? given : 0;
  };
  return {
    codec: String(value['codec']),
    bitrateKbps: kbps(number('bitrate_kbps')),
    sampleRateHz: number('sample_rate'),
    bitsPerSample: number('bits_per_sample') || null,
    channels: number('channels'),
  };
}

/** `resolve` makes the manifest's URLs absolute. */
export function readManifest(value: unknown, resolve: (url: string) => string): Manifest {
  const wire = isWire(value) ? value : refuse('object');
  const rungs = Array.isArray(wire['ladder']) ? wire['ladder'] : refuse('ladder');
  const ladder = rungs.map((rung) => readRung(rung, resolve));
  if (ladder.length === 0) refuse('ladder');
  ladder.sort((a, b) => a.bitrateKbps - b.bitrateKbps);
  const manifest = {
    trackId: String(wire['track_id']),
    samples: samples(count(wire, 'samples')),
    segmentSamples: samples(count(wire, 'segment_samples')),
    segments: count(wire, 'segments'),
    startQuality: quality(wire['start_quality'], 'start_quality'),
    loudness: readLoudness(wire['loudness']),
    bounds: readBounds(wire['bounds']),
    original: readOriginal(wire['original']),
    ladder,
  };
  if (manifest.segments !== Math.ceil(manifest.samples / manifest.segmentSamples)) {
    refuse('segments');
  }
  return manifest;
}

/** The manifest as the core counts. */
export const segmentLadder = (manifest: Manifest): SegmentLadder => ({
  segmentUs: secondsToMicros(samplesToSeconds(manifest.segmentSamples)),
  durationUs: secondsToMicros(samplesToSeconds(manifest.samples)),
  segmentBytes: Object.fromEntries(
    manifest.ladder.map((rung) => [rung.quality, rung.segmentBytes]),
  ),
});
