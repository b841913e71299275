// Gets a track's manifest and init segment, waiting out a lost network for as long as it takes.

import type { Api } from '../net/api.ts';
import type { Connection } from '../net/connection.ts';
import { ManifestError, readManifest, type Manifest } from '../net/manifest.ts';
import { failureOf, transfer, type TransferFailure } from '../net/transfer.ts';
import type { ErrorCode, PlayerError } from '../state.ts';
import type { Network } from './segmentLoader.ts';

/** It will not come, and why. */
export class LoadError extends Error implements PlayerError {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

type Final = Extract<TransferFailure, 'refused' | 'missing'>;

export const loadError = (failure: Final): LoadError =>
  failure === 'refused'
    ? new LoadError('unauthorized', 'The server asks you to log in again.')
    : new LoadError('unavailable', 'The server does not have this track any more.');

export const undecodable = (): LoadError =>
  new LoadError('decode', 'The browser cannot decode this track.');

export const unplayable = (): LoadError =>
  new LoadError('unsupported', 'This browser cannot play adaptive audio.');

export interface ManifestLoader {
  manifest(trackId: string, signal: AbortSignal): Promise<Manifest>;
  init(manifest: Manifest, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

export function createManifestLoader(api: Api, network: Network): ManifestLoader {
  return {
    manifest: (trackId, signal) =>
      persist(network.connection, signal, async () => {
        const path = `/api/tracks/${encodeURIComponent(trackId)}/manifest/?ladder=all`;
        const response = await api.request(path, { signal }).catch(() => null);
        if (!response) return 'network';
        if (!response.ok) return failureOf(response.status);
        const body: unknown = await response.json().catch(() => null);
        if (body === null) return 'network';
        return { value: checked(body, api) };
      }),
    init: (manifest, signal) =>
      persist(network.connection, signal, async () => {
        const outcome = await transfer(manifest.ladder[0]?.initUrl ?? '', { ...network, signal });
        return outcome.ok ? { value: outcome.data } : outcome.failure;
      }),
  };
}

function checked(body: unknown, api: Api): Manifest {
  try {
    return readManifest(body, (url) => api.resolve(url));
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    throw new LoadError('unavailable', 'The server describes this track in a way we cannot read.');
  }
}

async function persist<Value>(
  connection: Connection,
  signal: AbortSignal,
  attempt: () => Promise<{ value: Value } | TransferFailure>,
): Promise<Value> {
  for (;;) {
    await connection.ready(signal);
    signal.throwIfAborted();
    const outcome = await attempt();
    signal.throwIfAborted();
    if (typeof outcome === 'object') {
      connection.succeeded();
      return outcome.value;
    }
    if (outcome === 'refused' || outcome === 'missing') throw loadError(outcome);
    connection.failed();
  }
}
