// Downloads the segments that the core asks for, one try per request of the core. It renews an
// expired ticket on the way and decides nothing: a failure is the core's to answer.

import type { CoreInput } from '../core/contract.ts';
import type { CacheWatch } from '../net/cacheWatch.ts';
import type { Cmcd, CmcdFacts, Marked } from '../net/cmcd.ts';
import type { Connection } from '../net/connection.ts';
import type { SampleReporter } from '../net/samples.ts';
import { transfer, type TransferFailure, type TransferOutcome } from '../net/transfer.ts';
import type { Clock } from '../platform.ts';
import type { Quality } from '../preferences.ts';
import { bytes, rateOf, type Kbps } from '../units.ts';

/** What every loader of a player shares. */
export interface Network {
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly connection: Connection;
  readonly samples: SampleReporter;
  readonly cache: CacheWatch;
  /** Null where nothing is said of requests. */
  readonly cmcd: Cmcd | null;
}

export interface LoaderHost {
  readonly track: number;
  url(index: number, quality: Quality): string;
  /** A copy kept on this device, if there is one. */
  stored(index: number): Promise<Uint8Array<ArrayBuffer> | null>;
  /** For whoever is told of requests. */
  facts(index: number, quality: Quality): CmcdFacts;
  tell(input: CoreInput): void;
  loaded(index: number, quality: Quality, data: Uint8Array<ArrayBuffer>): void;
  measured(rate: Kbps): void;
  /** What is being fetched has changed. */
  changed(): void;
  /** Gets fresh URLs; false if there are none to be had, and then the host has given up. */
  renew(): Promise<boolean>;
  /** Fresh tickets are refused as well. */
  refused(): void;
}

/** A fresh ticket that is refused again is not mended by a third one. */
const MOST_RENEWALS = 2;

type Arrived = Extract<TransferOutcome, { ok: true }>;

interface Active {
  readonly quality: Quality;
  readonly abort: AbortController;
}

export class SegmentLoader {
  readonly #network: Network;
  readonly #host: LoaderHost;
  readonly #active = new Map<number, Active>();

  constructor(network: Network, host: LoaderHost) {
    this.#network = network;
    this.#host = host;
  }

  /** The last of what is under way. */
  get fetching(): { readonly index: number; readonly quality: Quality } | null {
    const last = [...this.#active].at(-1);
    return last ? { index: last[0], quality: last[1].quality } : null;
  }

  start(index: number, quality: Quality): void {
    this.abandon(index);
    const active: Active = { quality, abort: new AbortController() };
    this.#active.set(index, active);
    this.#host.changed();
    void this.#load(index, active);
  }

  abandon(index: number): void {
    const active = this.#active.get(index);
    if (!active) return;
    active.abort.abort();
    this.#active.delete(index);
    this.#host.changed();
  }

  stop(): void {
    for (const { abort } of this.#active.values()) abort.abort();
    this.#active.clear();
  }

  async #load(index: number, active: Active): Promise<void> {
    const { signal } = active.abort;
    for (let renewals = 0; ; renewals += 1) {
      await this.#network.connection.wanted(signal);
      const stored = signal.aborted ? null : await this.#host.stored(index);
      if (signal.aborted) return;
      this.#host.tell({ type: 'segment_requested', ...this.#named(index, active) });
      if (stored) return this.#finish(index, active, stored, true);
      const plain = this.#host.url(index, active.quality);
      const marked = this.#network.cmcd?.mark(plain, this.#host.facts(index, active.quality));
      const { url, headers } = marked ?? { url: plain, headers: {} };
      const outcome = await this.#transfer(url, headers, index, active);
      if (signal.aborted) return;
      if (outcome.ok) return this.#arrived(index, active, url, outcome);
      if (!mendable(outcome.failure, renewals)) return this.#fail(index, active, outcome.failure);
      const renewed = await this.#host.renew();
      if (signal.aborted) return;
      if (!renewed) return this.#end(index, active, 'transient');
    }
  }

  #transfer(
    url: string,
    headers: Marked['headers'],
    index: number,
    active: Active,
  ): Promise<TransferOutcome> {
    const { fetch, clock } = this.#network;
    const { signal } = active.abort;
    const named = this.#named(index, active);
    return transfer(url, {
      fetch,
      clock,
      headers,
      signal,
      onProgress: (total) => {
        if (!signal.aborted) this.#host.tell({ type: 'bytes_received', ...named, bytes: total });
      },
    });
  }

  #arrived(index: number, active: Active, url: string, arrived: Arrived): void {
    const { connection, samples, cache } = this.#network;
    const { data, duration, quality: sent } = arrived;
    connection.succeeded();
    const size = bytes(data.byteLength);
    const cached = cache.wasCached(url);
    if (!cached) {
      samples.add(size, duration);
      this.#host.measured(rateOf(size, duration));
    }
    this.#finish(index, active, data, cached, sent ?? active.quality);
  }

  /** `quality`: of what came, which is not always what was asked for. */
  #finish(
    index: number,
    active: Active,
    data: Uint8Array<ArrayBuffer>,
    cached: boolean,
    quality = active.quality,
  ): void {
    this.#active.delete(index);
    this.#host.loaded(index, quality, data);
    const named = this.#named(index, active);
    const size = bytes(data.byteLength);
    this.#host.tell({ type: 'segment_completed', ...named, bytes: size, cached });
    if (quality !== active.quality) this.#host.tell({ ...named, type: 'segment_held', quality });
    this.#host.changed();
  }

  #fail(index: number, active: Active, why: TransferFailure): void {
    if (why === 'refused') this.#host.refused();
    if (why !== 'missing') this.#network.connection.failed();
    this.#end(index, active, why === 'missing' ? 'missing' : 'transient');
  }

  #end(index: number, active: Active, failure: 'transient' | 'missing'): void {
    this.#active.delete(index);
    this.#host.tell({ type: 'segment_failed', ...this.#named(index, active), failure });
    this.#host.changed();
  }

  #named(index: number, active: Active) {
    return { segment: { track: this.#host.track, index }, quality: active.quality };
  }
}

/** Whether a fresh manifest may help: an old ticket, or another cut of the track. */
const mendable = (failure: TransferFailure, renewals: number): boolean =>
  (failure === 'refused' && renewals < MOST_RENEWALS) || (failure === 'missing' && renewals < 1);
