// Tells the server what the transfers of this device showed, a few at a time.

import type { Clock } from '../platform.ts';
import type { Bytes, Millis, Seconds } from '../units.ts';
import type { Api } from './api.ts';

const PATH = '/api/audio/quick-sync/samples/';
/** Segments between two posts: some fifteen seconds of a first fill, a third of a minute after. */
const BATCH = 5;
/** The server takes no more in one request. */
const MOST = 100;

interface Sample {
  readonly bytes: Bytes;
  readonly duration_ms: Millis;
  readonly measured_at: Seconds;
  readonly source: 'playback';
}

export interface SampleReporter {
  add(size: Bytes, duration: Millis): void;
  /** `leaving`: the page may be gone before the answer. */
  flush(leaving?: boolean): void;
}

export function createSampleReporter(
  api: Api,
  clock: Clock,
  /** What is declared of the network, in the words of the interface. */
  declared: () => Record<string, string | boolean>,
): SampleReporter {
  let waiting: Sample[] = [];
  const flush = (leaving = false) => {
    if (waiting.length === 0) return;
    const batch = waiting.slice(-MOST);
    waiting = [];
    const body = JSON.stringify({ ...declared(), samples: batch });
    const headers = { 'Content-Type': 'application/json' };
    api.request(PATH, { method: 'POST', body, headers, keepalive: leaving }).then(
      (response) => void response.body?.cancel().catch(() => undefined),
      // The network failed, not the samples: they go with the next batch.
      () => void (waiting = [...batch, ...waiting].slice(-MOST)),
    );
  };
  return {
    add(size, duration) {
      if (size === 0 || !(duration > 0)) return;
      waiting.push({
        bytes: size,
        duration_ms: duration,
        measured_at: clock.wall(),
        source: 'playback',
      });
      if (waiting.length >= BATCH) flush();
    },
    flush,
  };
}
