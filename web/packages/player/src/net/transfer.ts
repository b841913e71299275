// One download with our own clocks: when the first byte came and how many have come since.

import type { Clock } from '../platform.ts';
import { QUALITIES, type Quality } from '../preferences.ts';
import { bytes, micros, microsToMillis, type Bytes, type Millis } from '../units.ts';

/**
 * `network`: nobody answered, or the answer broke off. `busy`: the server cannot now. `refused`: the
 * ticket is not valid any more. `missing`: there is no such thing.
 */
export type TransferFailure = 'network' | 'busy' | 'refused' | 'missing';

export type TransferOutcome =
  | {
      readonly ok: true;
      readonly data: Uint8Array<ArrayBuffer>;
      /** What the server says it sent, which under overload is not what was asked for. */
      readonly quality: Quality | null;
      readonly firstByte: Millis;
      readonly duration: Millis;
    }
  | { readonly ok: false; readonly failure: TransferFailure };

export interface TransferOptions {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  readonly onProgress?: (total: Bytes) => void;
}

export function failureOf(status: number): TransferFailure {
  if (status === 401 || status === 403 || status === 410) return 'refused';
  if (status === 408 || status === 425 || status === 429 || status >= 500) return 'busy';
  return 'missing';
}

/** Never rejects; after an abort the outcome says `network` and means nothing. */
export async function transfer(url: string, options: TransferOptions): Promise<TransferOutcome> {
  const started = options.clock.now();
  const elapsed = () => microsToMillis(micros(options.clock.now() - started));
  try {
    // The ticket in the URL says who asks: without a header there is no preflight.
    const { signal, headers = {} } = options;
    const response = await options.fetch(url, { signal, headers, credentials: 'omit' });
    if (!response.ok) {
      void response.body?.cancel().catch(() => undefined);
      return { ok: false, failure: failureOf(response.status) };
    }
    const firstByte = elapsed();
    const data = await readAll(response, options.onProgress);
    const sent = response.headers.get('Quick-Sync-Quality');
    const quality = QUALITIES.find((known) => known === sent) ?? null;
    return { ok: true, data, quality, firstByte, duration: elapsed() };
  } catch {
    return { ok: false, failure: 'network' };
  }
}

async function readAll(
  response: Response,
  onProgress: ((total: Bytes) => void) | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let total = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const step = await reader?.read();
    if (!step || step.done) break;
    parts.push(step.value);
    total += step.value.byteLength;
    onProgress?.(bytes(total));
  }
  const data = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.byteLength;
  }
  return data;
}
