// One track on its way from the server into the source buffer.

import type { CoreInput } from '../core/contract.ts';
import { BufferMap } from '../media/bufferMap.ts';
import { restoreLastPacket } from '../media/lastPacket.ts';
import type { Placement, Sink } from '../media/sink.ts';
import { TrackTimeline } from '../media/timeline.ts';
import { segmentUrl } from '../net/api.ts';
import type { CmcdFacts } from '../net/cmcd.ts';
import { transfer } from '../net/transfer.ts';
import type { Manifest } from '../net/manifest.ts';
import type { Quality } from '../preferences.ts';
import type { EngineState, QueueTrack, RungView, SignalPath } from '../state.ts';
import { kbps, SAMPLE_RATE, seconds, type Kbps, type Samples, type Seconds } from '../units.ts';
import { LoadError, loadError, undecodable, unplayable } from './manifestLoader.ts';
import type { Deck } from './decks.ts';
import type { StoredTrack } from './stored.ts';
import { SegmentLoader, type Network } from './segmentLoader.ts';

/** Media this close to the playhead is in the decoder already: replacing it could be heard. */
const TOO_LATE_S = 0.5;
/** Two segments and a transfer: the core replaces nothing that is heard sooner. */
const BETTER_AHEAD_S = 12;
/** A click at a join is better than a stall there. */
const WARM_UP_PATIENCE_MS = 2_000;

/** What is known of a track before it is given a place. */
export interface LoadedTrack {
  readonly track: QueueTrack;
  readonly manifest: Manifest;
  readonly init: Uint8Array<ArrayBuffer>;
  readonly mimeType: string;
  /** Null where it comes over the network. */
  readonly stored: StoredTrack | null;
}

export interface RunHost {
  readonly network: Network;
  readonly deck: Deck;
  tell(input: CoreInput): void;
  /** What is shown of the player. */
  shown(): EngineState;
  renewManifest(trackId: string, signal: AbortSignal): Promise<Manifest>;
  /** What is fetched or buffered has changed. */
  changed(run: TrackRun): void;
  measured(rate: Kbps): void;
  failed(run: TrackRun, error: LoadError): void;
}

export class TrackRun {
  /** The engine's number for it. */
  readonly number: number;
  readonly track: QueueTrack;
  readonly timeline: TrackTimeline;
  readonly map: BufferMap;
  readonly signal: SignalPath;
  /** Where it plays. */
  readonly deck: Deck;
  readonly #sink: Sink;
  readonly #host: RunHost;
  readonly #loader: SegmentLoader;
  readonly #placement: Placement;
  readonly #abort = new AbortController();
  readonly #stored: StoredTrack | null;
  #manifest: Manifest;
  #arriving: { readonly index: number; readonly quality: Quality } | null = null;
  #renewal: Promise<boolean> | null = null;

  constructor(number: number, loaded: LoadedTrack, offset: Samples, host: RunHost) {
    this.number = number;
    this.track = loaded.track;
    this.timeline = new TrackTimeline(offset, loaded.manifest);
    this.map = new BufferMap(this.timeline);
    this.#manifest = loaded.manifest;
    if (!host.deck.sink) throw unplayable();
    this.deck = host.deck;
    this.#sink = host.deck.sink;
    this.#stored = loaded.stored;
    this.#host = host;
    this.#loader = new SegmentLoader(host.network, {
      track: number,
      stored: (index) => this.#stored?.read(index) ?? Promise.resolve(null),
      url: (index, quality) => segmentUrl(this.#rung(quality).segmentUrl, index),
      facts: (index, quality) => this.#facts(index, quality),
      tell: (input) => host.tell(input),
      loaded: (index, quality, data) => void this.#append(index, quality, data),
      measured: (rate) => host.measured(rate),
      changed: () => host.changed(this),
      renew: () => this.#renew(),
      refused: () => host.failed(this, loadError('refused')),
    });
    const { init, mimeType, manifest } = loaded;
    this.signal = {
      source: manifest.original,
      codec: manifest.ladder[0]?.codec ?? '',
      sampleRateHz: SAMPLE_RATE,
      decoder: mimeType,
      delivery: loaded.stored ? 'stored' : 'network',
    };
    const { span } = this.timeline;
    this.#placement = { init, mimeType, span, signal: this.#abort.signal };
  }

  get manifest(): Manifest {
    return this.#manifest;
  }

  /** Where the sound is in this track; negative while the one before it plays. */
  get position(): Seconds {
    return seconds(this.deck.sound.mediaTime - this.timeline.span.start);
  }

  get fetching(): RungView | null {
    const under = this.#loader.fetching;
    return under && this.#view(under.quality);
  }

  /** What is on its way for a segment, or into the buffer already. */
  coming(index: number): RungView | null {
    const under = [this.#loader.fetching, this.#arriving].find((one) => one?.index === index);
    return under ? this.#view(under.quality) : null;
  }

  get lastSegmentBuffered(): boolean {
    return this.map.has(this.timeline.segments - 1);
  }

  /** Whether nothing that is still to be heard could come in a better quality than this. */
  isBest(quality: Quality): boolean {
    const from = this.timeline.segmentAt(seconds(this.position + BETTER_AHEAD_S));
    return this.map.holdsRest(from, quality);
  }

  /** Opens the decoder and the timeline up to the end of this track. */
  place(): void {
    this.#sink.place(this.#placement).catch(() => this.#broken());
  }

  fetch(index: number, quality: Quality): void {
    if (!this.#abort.signal.aborted) return this.#loader.start(index, quality);
    // The track has failed: the core backs off until the listener tries again.
    const segment = { track: this.number, index };
    this.#host.tell({ type: 'segment_failed', segment, quality, failure: 'transient' });
  }

  abandon(index: number): void {
    this.#loader.abandon(index);
  }

  abandonAll(): void {
    this.#loader.stop();
  }

  /** Compares what we believe is buffered with what the browser holds. */
  reconcile(): void {
    const lost = this.map.reconcile(this.#sink.buffered);
    for (const index of lost) this.#evicted(index);
    this.#host.changed(this);
  }

  /** Removes what is buffered of it and after it. */
  clear(): void {
    void this.#sink.clear(this.timeline.span.start);
  }

  stop(): void {
    this.#abort.abort();
    this.#loader.stop();
  }

  async #append(index: number, quality: Quality, data: Uint8Array<ArrayBuffer>): Promise<void> {
    const { start } = this.timeline.segmentSpan(index);
    if (this.map.has(index) && start < this.position + TOO_LATE_S) return;
    if (index === this.timeline.segments - 1) restoreLastPacket(data);
    const arriving = (this.#arriving = { index, quality });
    try {
      const warmUp = index === 0 && this.timeline.offset > 0 ? await this.#warmUp(quality) : null;
      const outcome = await this.#sink.append(this.#placement, data, warmUp);
      if (this.#abort.signal.aborted) return;
      if (this.#arriving === arriving) this.#arriving = null;
      if (outcome === 'kept') this.map.set(index, this.#view(quality));
      else if (!this.map.has(index)) this.#evicted(index);
      this.reconcile();
    } catch {
      this.#broken();
    }
  }

  /** Without it the first 2.5 ms after another track are not this one's own. */
  async #warmUp(quality: Quality): Promise<Uint8Array | null> {
    if (this.#stored) return this.#stored.read('warm-up');
    const signal = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(WARM_UP_PATIENCE_MS)]);
    const url = segmentUrl(this.#rung(quality).segmentUrl, 'warm-up');
    const outcome = await transfer(url, { ...this.#host.network, signal });
    return outcome.ok ? outcome.data : null;
  }

  #facts(index: number, quality: Quality): CmcdFacts {
    const { start, end } = this.timeline.segmentSpan(index);
    const { status, wantsToPlay, throughput, rate, stalls } = this.#host.shown();
    return {
      trackId: this.track.id,
      bitrateKbps: this.#rung(quality).bitrateKbps,
      topKbps: this.#manifest.ladder.at(-1)?.bitrateKbps ?? kbps(0),
      segment: seconds(end - start),
      ahead: seconds(this.map.ahead(seconds(Math.max(0, this.position)))),
      stalls: stalls.count,
      ...{ status, wantsToPlay, throughput, rate },
    };
  }

  #evicted(index: number): void {
    this.#host.tell({ type: 'segment_evicted', segment: { track: this.number, index } });
  }

  #broken(): void {
    if (this.#abort.signal.aborted) return;
    this.#host.failed(this, undecodable());
  }

  /** Requests that find their ticket expired share one renewal. */
  #renew(): Promise<boolean> {
    this.#renewal ??= this.#freshManifest().finally(() => void (this.#renewal = null));
    return this.#renewal;
  }

  async #freshManifest(): Promise<boolean> {
    try {
      const fresh = await this.#host.renewManifest(this.track.id, this.#abort.signal);
      // Another length means other audio: its segments do not fit between ours.
      if (fresh.samples !== this.#manifest.samples) throw loadError('missing');
      this.#manifest = fresh;
      return true;
    } catch (error) {
      if (error instanceof LoadError) this.#host.failed(this, error);
      return false;
    }
  }

  /** The core names only what is offered; a renewed manifest may offer less. */
  #rung(quality: Quality) {
    const { ladder } = this.#manifest;
    const rung = ladder.find((one) => one.quality === quality) ?? ladder[0];
    if (!rung) throw new RangeError('a manifest has at least one rung');
    return rung;
  }

  #view(named: Quality): RungView {
    const { quality, bitrateKbps } = this.#rung(named);
    return { quality, bitrateKbps };
  }
}
