// Gets a track from the server piece by piece and puts it on the shelf. Goes on where it stopped;
// gives up by name.

import { segmentUrl, type Api } from '../net/api.ts';
import { ManifestError, readManifest, type Manifest, type Rung } from '../net/manifest.ts';
import {
  failureOf,
  transfer,
  type TransferFailure,
  type TransferOutcome,
} from '../net/transfer.ts';
import { sleep, type Clock } from '../platform.ts';
import { QUALITIES, type Quality } from '../preferences.ts';
import type { QueueTrack } from '../state.ts';
import { bytes, millis, type Bytes } from '../units.ts';
import type { Kept, Piece, Shelf } from './shelf.ts';
import { OfflineError, type SaveOptions } from './types.ts';

/** Tries of one request; with the pauses between them half a minute. */
const TRIES = 7;
const FIRST_PAUSE_MS = 250;

export interface DownloadParts {
  readonly api: Api;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly shelf: Shelf;
  /** A piece more lies on the shelf. */
  readonly changed: () => void;
}

interface Described {
  readonly wire: unknown;
  readonly manifest: Manifest;
  readonly rung: Rung;
}

export async function download(
  parts: DownloadParts,
  track: QueueTrack,
  quality: Quality,
  { onProgress, signal = new AbortController().signal }: SaveOptions,
): Promise<Kept> {
  let described = await describe(parts, track.id, quality, signal);
  let kept = await begin(parts, track, described);
  const key = [track.id, kept.quality] as const;
  const present = await parts.shelf.pieces(key);
  const total = bytesOf(described);
  const { segments } = described.manifest;
  const report = () => {
    const { quality: at, segmentsKept, bytes: done } = kept;
    const progress = { trackId: track.id, quality: at, segments, segmentsDone: segmentsKept };
    onProgress?.({ ...progress, bytesDone: bytes(done), bytesTotal: total });
  };
  report();
  for (const piece of piecesOf(segments)) {
    if (present.has(piece)) continue;
    const renew = async () => {
      described = await describe(parts, track.id, kept.quality, signal);
      if (versionOf(described) !== kept.version) throw changedMeanwhile();
    };
    const data = await get(parts, () => urlOf(described.rung, piece), kept.quality, renew, signal);
    kept = {
      ...kept,
      bytes: kept.bytes + data.byteLength,
      segmentsKept: kept.segmentsKept + (typeof piece === 'number' ? 1 : 0),
      savedAt: parts.clock.wall(),
    };
    await parts.shelf.put(kept, [piece, data]);
    report();
    parts.changed();
  }
  return kept;
}

const piecesOf = (segments: number): Piece[] => [
  'init',
  'warm-up',
  ...Array.from({ length: segments }, (_, index) => index),
];

const urlOf = (rung: Rung, piece: Piece): string =>
  piece === 'init' ? rung.initUrl : segmentUrl(rung.segmentUrl, piece);

/** Tickets change, the path does not: it names track, version and quality. */
const versionOf = ({ rung, manifest }: Described): string =>
  `${new URL(rung.segmentUrl, 'http://server').pathname} ${manifest.samples}`;

const bytesOf = ({ rung, manifest }: Described): Bytes =>
  bytes(Math.ceil((rung.segmentBytes * manifest.samples) / manifest.segmentSamples));

const changedMeanwhile = (): OfflineError =>
  new OfflineError('unavailable', 'The track has changed on the server; save it again.');

/** Takes an earlier attempt up, unless the audio has changed since. */
async function begin({ shelf, clock }: DownloadParts, track: QueueTrack, described: Described) {
  const { rung, manifest, wire } = described;
  const key = [track.id, rung.quality] as const;
  const version = versionOf(described);
  const before = await shelf.one(key);
  if (before?.version === version) return before;
  if (before) await shelf.remove([key]);
  const kept: Kept = {
    trackId: track.id,
    quality: rung.quality,
    track,
    manifest: wire,
    version,
    segments: manifest.segments,
    segmentsKept: 0,
    bytes: 0,
    savedAt: clock.wall(),
    best: rung === manifest.ladder.at(-1),
  };
  await shelf.put(kept);
  return kept;
}

async function describe(
  parts: DownloadParts,
  trackId: string,
  quality: Quality,
  signal: AbortSignal,
): Promise<Described> {
  const wire = await persist<unknown>(parts.clock, signal, async () => {
    const path = `/api/tracks/${encodeURIComponent(trackId)}/manifest/?ladder=all`;
    const response = await parts.api.request(path, { signal }).catch(() => null);
    if (!response) return 'network';
    if (!response.ok) return failureOf(response.status);
    const body: unknown = await response.json().catch(() => null);
    return body === null ? 'network' : { value: body };
  });
  try {
    const manifest = readManifest(wire, (url) => parts.api.resolve(url));
    const most = QUALITIES.indexOf(quality);
    const fits = manifest.ladder.filter((rung) => QUALITIES.indexOf(rung.quality) <= most);
    return { wire, manifest, rung: (fits.at(-1) ?? manifest.ladder[0]) as Rung };
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    throw new OfflineError('unavailable', 'The server describes this track in an unknown way.');
  }
}

/** `renew` makes `url` answer with a fresh ticket. */
async function get(
  { fetch, clock }: DownloadParts,
  url: () => string,
  quality: Quality,
  renew: () => Promise<void>,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  let renewed = false;
  for (;;) {
    const outcome = await persist<TransferOutcome>(clock, signal, async () => {
      const got = await transfer(url(), { fetch, clock, signal });
      if (!got.ok && got.failure !== 'refused') return got.failure;
      // A busy server may send another quality, to be heard and not to be kept.
      return got.ok && got.quality !== null && got.quality !== quality ? 'busy' : { value: got };
    });
    if (outcome.ok) return outcome.data;
    if (renewed) throw named('refused');
    renewed = true;
    await renew();
  }
}

async function persist<Value>(
  clock: Clock,
  signal: AbortSignal,
  attempt: () => Promise<{ value: Value } | TransferFailure>,
): Promise<Value> {
  for (let tries = 1; ; tries += 1) {
    signal.throwIfAborted();
    const outcome = await attempt();
    signal.throwIfAborted();
    if (typeof outcome === 'object') return outcome.value;
    const passes = outcome === 'network' || outcome === 'busy';
    if (!passes || tries === TRIES) throw named(outcome);
    await sleep(clock, millis(FIRST_PAUSE_MS * 2 ** (tries - 1)), signal);
  }
}

function named(failure: TransferFailure): OfflineError {
  switch (failure) {
    case 'refused':
      return new OfflineError('unauthorized', 'The server asks you to log in again.');
    case 'missing':
      return new OfflineError('unavailable', 'The server does not have this track any more.');
    default:
      return new OfflineError('network', 'The server cannot be reached; save again to go on.');
  }
}
