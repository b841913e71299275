// A server of tracks on a network whose rate, delay and outages a test sets.

import { QUALITIES, type Quality } from '../preferences.ts';
import { millis } from '../units.ts';
import type { FakeClock } from './fakeClock.ts';

const SEGMENT_SAMPLES = 184_320;
const KBPS: Record<Quality, number> = { low: 64, medium: 128, high: 256, ultra: 320 };
const SEGMENT_BYTES = (quality: Quality): number => KBPS[quality] * 480;
/** What a warm-up packet is here, so that the fake source buffer knows it. */
export const WARM_UP_MARK = 0xfe;
const PIECE_BYTES = 8_000;

export interface Asked {
  readonly path: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | null;
  readonly keepalive: boolean;
}

export class FakeServer {
  rateKbps = 8_000;
  latencyMs = 20;
  /** Nobody answers, and what was under way breaks off. */
  down = false;
  /** Answers every request with this status. */
  refuseWith: number | null = null;
  caps: Readonly<Record<string, Quality>> = {};
  maxQuality: Quality | null = null;
  leftBytes: number | null = null;
  refuseSessions: number | null = null;
  /** The only ticket that media is given for. */
  ticket = 1;
  codec = 'Opus';
  /** Of single tracks. */
  readonly codecs = new Map<string, string>();
  /** Whether the packet before a track is to be had. */
  warmUps = false;
  /** What is sent in the place of what was asked for, if anything. */
  standIn: Quality | null = null;
  readonly samples = new Map<string, number>();
  readonly asked: Asked[] = [];
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  /** Adds a track of so many segments; the last one is whole unless `samples` says otherwise. */
  add(id: string, segments: number, samples = segments * SEGMENT_SAMPLES): void {
    this.samples.set(id, samples);
  }

  paths(part: string): string[] {
    return this.asked.map(({ path }) => path).filter((path) => path.includes(part));
  }

  readonly fetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(String(input));
    const headers = new Headers(init.headers);
    const body = typeof init.body === 'string' ? init.body : null;
    this.asked.push({
      path: url.pathname + url.search,
      method: init.method ?? 'GET',
      headers,
      body,
      keepalive: init.keepalive ?? false,
    });
    const signal = init.signal ?? null;
    await this.#wait(this.latencyMs, signal);
    if (this.down) throw new TypeError('network error');
    if (this.refuseWith) return new Response(null, { status: this.refuseWith });
    return this.#answer(url, signal);
  };

  #answer(url: URL, signal: AbortSignal | null): Response {
    const [, id = '', rest = ''] = /^\/api\/tracks\/(\w+)\/(.*)$/.exec(url.pathname) ?? [];
    if (url.pathname.endsWith('/samples/')) return Response.json({ accepted: 1 });
    if (url.pathname.includes('/sessions/')) {
      return Response.json({}, { status: this.refuseSessions ?? 201 });
    }
    if (url.pathname.endsWith('/status/')) return Response.json(this.#status(url));
    const samples = this.samples.get(id);
    if (samples === undefined) return new Response(null, { status: 404 });
    if (rest === 'manifest/') return Response.json(this.#manifest(id, samples));
    if (url.searchParams.get('ticket') !== String(this.ticket)) {
      return new Response(null, { status: 403 });
    }
    if (rest === 'init.mp4') return new Response(new Uint8Array([0xff]));
    if (rest.endsWith('warm-up.m4s')) {
      return this.warmUps
        ? new Response(new Uint8Array([WARM_UP_MARK]))
        : new Response(null, { status: 404 });
    }
    const [, quality, index] = /^(\w+)\/(\d+)\.m4s$/.exec(rest) ?? [];
    const sent = this.standIn ?? (quality as Quality);
    const data = new Uint8Array(SEGMENT_BYTES(sent));
    data.set([Number(index), QUALITIES.indexOf(sent), id.charCodeAt(0)]);
    return new Response(this.#stream(data, signal), { headers: { 'Quick-Sync-Quality': sent } });
  }

  #manifest(id: string, samples: number) {
    const ticket = `ticket=${this.ticket}`;
    return {
      track_id: id,
      sample_rate: 48_000,
      samples,
      segment_samples: SEGMENT_SAMPLES,
      segments: Math.ceil(samples / SEGMENT_SAMPLES),
      start_quality: 'medium',
      ladder: QUALITIES.map((quality) => ({
        quality,
        bitrate_kbps: KBPS[quality],
        codec: this.codecs.get(id) ?? this.codec,
        init_url: `/api/tracks/${id}/init.mp4?${ticket}`,
        segment_url: `/api/tracks/${id}/${quality}/{n}.m4s?${ticket}`,
        segment_bytes: SEGMENT_BYTES(quality),
      })),
      missing: [],
      ...this.#bounded(),
      hls_url: `/api/tracks/${id}/hls?${ticket}`,
      hls_mp3_url: `/api/tracks/${id}/mp3?${ticket}`,
      original: {
        codec: 'flac',
        bitrate_kbps: 900,
        sample_rate: 44_100,
        bits_per_sample: 16,
        channels: 2,
      },
    };
  }

  /** Its rules are by the kind of network that was declared last. */
  #status(url: URL): object {
    const kind = url.searchParams.get('network_kind');
    const saves = url.searchParams.get('save_data') === 'true';
    this.maxQuality = saves ? 'low' : (this.caps[kind ?? ''] ?? null);
    return this.#bounded();
  }

  #bounded(): object {
    const budget = this.leftBytes === null ? null : { left_bytes: this.leftBytes };
    return { bounds: { max_quality: this.maxQuality, rules: [], host: null, budget } };
  }

  #stream(data: Uint8Array, signal: AbortSignal | null): ReadableStream<Uint8Array> {
    let at = 0;
    return new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const piece = data.slice(at, at + PIECE_BYTES);
        await this.#wait((piece.byteLength * 8) / this.rateKbps, signal);
        if (this.down) return controller.error(new TypeError('network error'));
        controller.enqueue(piece);
        at += piece.byteLength;
        if (at >= data.byteLength) controller.close();
      },
    });
  }

  #wait(ms: number, signal: AbortSignal | null): Promise<void> {
    return new Promise((resolve, reject) => {
      const aborted = () => {
        cancel();
        reject(new DOMException('aborted', 'AbortError'));
      };
      const cancel = this.#clock.after(millis(ms), () => {
        signal?.removeEventListener('abort', aborted);
        resolve();
      });
      if (signal?.aborted) aborted();
      signal?.addEventListener('abort', aborted, { once: true });
    });
  }
}
