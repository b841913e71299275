// Where a track's playlists are, beside what our own engine reads of the same answer.

import { loadError, LoadError } from '../engine/manifestLoader.ts';
import type { Api } from '../net/api.ts';
import { ManifestError, readManifest, type Manifest } from '../net/manifest.ts';
import { failureOf } from '../net/transfer.ts';
import { sleep, type Clock } from '../platform.ts';
import { millis } from '../units.ts';

export interface HlsManifest extends Manifest {
  /** In Opus. */
  readonly url: string;
  /** In MP3; null where the server makes none. */
  readonly mp3Url: string | null;
}

/** After a lost network; twice as long each time, up to four doublings. */
const RETRY_MS = 1_000;
const MOST_DOUBLINGS = 4;

/** Waits out a lost network for as long as it takes; `offline` is called when that begins to show. */
export async function awaitManifest(
  { api, clock }: { readonly api: Api; readonly clock: Clock },
  trackId: string,
  signal: AbortSignal,
  offline: () => void,
): Promise<HlsManifest> {
  for (let tries = 0; ; tries += 1) {
    const manifest = await fetchManifest(api, trackId, signal);
    signal.throwIfAborted();
    if (manifest) return manifest;
    if (tries > 0) offline();
    await sleep(clock, millis(RETRY_MS * 2 ** Math.min(tries, MOST_DOUBLINGS)), signal);
    signal.throwIfAborted();
  }
}

/** Null if it cannot be had now, and may be later. */
async function fetchManifest(
  api: Api,
  trackId: string,
  signal: AbortSignal,
): Promise<HlsManifest | null> {
  const path = `/api/tracks/${encodeURIComponent(trackId)}/manifest/`;
  const response = await api.request(path, { signal }).catch(() => null);
  if (!response) return null;
  if (!response.ok) {
    const failure = failureOf(response.status);
    if (failure === 'refused' || failure === 'missing') throw loadError(failure);
    return null;
  }
  const body: unknown = await response.json().catch(() => null);
  return body === null ? null : read(body, (url) => api.resolve(url));
}

function read(body: unknown, resolve: (url: string) => string): HlsManifest {
  const { hls_url: url, hls_mp3_url: mp3Url } = body as Record<string, unknown>;
  try {
    if (typeof url !== 'string') throw new ManifestError('the manifest has no usable hls_url');
    const manifest = readManifest(body, resolve);
    return {
      ...manifest,
      url: resolve(url),
      mp3Url: typeof mp3Url === 'string' ? resolve(mp3Url) : null,
    };
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    throw new LoadError('unavailable', 'The server describes this track in a way we cannot read.');
  }
}
