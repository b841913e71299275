// The listener's own speed test: downloads of incompressible bytes from this server, timed as they
// arrive. What the network carries in a few seconds, no page and no decision in it.

/** Long enough for a connection's window to have grown, short enough to wait for. */
export const LASTS_MS = 6_000;
/** A slow network is cut here, and counts with what arrived. */
const DEADLINE_MS = 9_000;
/** No phone plan should feel a test. */
export const MOST_BYTES = 24_000_000;
const FIRST_BYTES = 250_000;
/** The server gives no more at once. */
const LARGEST_BYTES = 8_000_000;
/** A download is asked for that takes about so long: few requests, and none that outlasts the test. */
const ROUND_MS = 2_000;
/** What the running figure looks back on. */
const WINDOW_MS = 1_000;

export interface Progress {
  readonly bytes: number;
  readonly elapsedMs: number;
  /** Of the last second. */
  readonly mbps: number;
  /** 0 to 1. */
  readonly share: number;
}

export interface Measured {
  readonly bytes: number;
  readonly durationMs: number;
  readonly mbps: number;
}

export interface Means {
  /** Asks for so many bytes. */
  readonly download: (bytes: number, signal: AbortSignal) => Promise<Response>;
  /** Milliseconds. */
  readonly now: () => number;
  readonly onProgress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

const rate = (bytes: number, ms: number): number => (ms > 0 ? (bytes * 8) / 1e3 / ms : 0);

/** Rejects if the server refuses or nothing arrives at all. */
export async function measure({ download, now, onProgress, signal }: Means): Promise<Measured> {
  const began = now();
  const seen: [at: number, bytes: number][] = [[began, 0]];
  let bytes = 0;
  const elapsed = () => now() - began;
  const took = (more: number) => {
    bytes += more;
    const at = now();
    seen.push([at, bytes]);
    while (seen.length > 2 && (seen[1]?.[0] ?? at) < at - WINDOW_MS) seen.shift();
    const [from, before] = seen[0] ?? [began, 0];
    const share = Math.min(1, Math.max(elapsed() / LASTS_MS, bytes / MOST_BYTES));
    onProgress({ bytes, elapsedMs: elapsed(), mbps: rate(bytes - before, at - from), share });
    return elapsed() < DEADLINE_MS;
  };
  let next = FIRST_BYTES;
  while (elapsed() < LASTS_MS && bytes < MOST_BYTES) {
    const before = bytes;
    const startedAt = elapsed();
    await drain(await download(next, signal), took);
    const lasted = Math.max(1, elapsed() - startedAt);
    const fitting = Math.round(((bytes - before) / lasted) * ROUND_MS);
    next = Math.min(LARGEST_BYTES, Math.max(FIRST_BYTES, fitting));
  }
  const durationMs = elapsed();
  return { bytes, durationMs, mbps: rate(bytes, durationMs) };
}

/** Reads until the end, or until `took` has had enough. */
async function drain(response: Response, took: (bytes: number) => boolean): Promise<void> {
  const reader = response.body?.getReader();
  if (!reader) throw new Error('no body');
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    if (!took(value.byteLength)) return void reader.cancel();
  }
}
