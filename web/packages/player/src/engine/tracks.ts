// The track that plays and the one that follows it: gets them, places them end to end on one
// timeline, and drops what is not wanted any more.

import type { DecisionCore } from '../core/contract.ts';
import type { QueueTrack } from '../state.ts';
import { samples, seconds, type Samples, type Seconds } from '../units.ts';
import type { Deck } from './decks.ts';
import { LoadError } from './manifestLoader.ts';
import type { TracksHost } from './tracksHost.ts';
import { loadTrack } from './trackLoader.ts';
import { TrackRun, type LoadedTrack } from './trackRun.ts';

/** The next track begins here, give or take what a decoder that ran dry leaves unplayed. */
const JOIN_TOLERANCE_S = 0.05;
/** A fade begins with so much of the next track at hand: two segments. */
const FADE_READY_S = 6;
/** A seek to the very end would end the track before it is heard. */
const END_MARGIN_S = 0.02;

interface Entering {
  readonly abort: AbortController;
  position: Seconds;
}

export class Tracks {
  current: TrackRun | null = null;
  next: TrackRun | null = null;
  readonly #host: TracksHost;
  /** How long the present track fades into the next; zero where they are joined. */
  #fade: Seconds = seconds(0);
  #count = 0;
  #entering: Entering | null = null;
  #preparing: { readonly abort: AbortController; readonly track: QueueTrack } | null = null;
  #lost: QueueTrack | null = null;

  constructor(host: TracksHost) {
    this.#host = host;
  }

  /** A track is on its way in the place of the present one. */
  get entering(): boolean {
    return this.#entering !== null;
  }

  /** What is prepared to follow, or is being prepared. */
  get coming(): QueueTrack | null {
    return this.next?.track ?? this.#preparing?.track ?? null;
  }

  numbered(number: number): TrackRun | null {
    return [this.current, this.next].find((run) => run?.number === number) ?? null;
  }

  /** Media ahead of the sound without a gap. */
  get ahead(): Seconds {
    const { current, next } = this;
    if (!current) return seconds(0);
    const ahead = current.map.ahead(current.position);
    const toEnd = current.position + ahead >= current.timeline.duration - JOIN_TOLERANCE_S;
    return seconds(ahead + (toEnd ? (next?.map.ahead(seconds(0)) ?? 0) : 0));
  }

  /**
   * Brings `track` in. The present one goes on loading until then: what its transfer shows of the
   * network is not lost.
   */
  async enter(track: QueueTrack, position: Seconds): Promise<void> {
    const entering: Entering = { abort: new AbortController(), position };
    this.leave();
    this.#entering = entering;
    const { signal } = entering.abort;
    try {
      const [core, loaded] = await Promise.all([this.#host.core, this.#load(track, signal)]);
      if (signal.aborted) return;
      this.#entering = null;
      this.dropNext();
      this.#begin(core, loaded, entering.position);
    } catch (error) {
      if (signal.aborted) return;
      this.#entering = null;
      this.#host.failed(asLoadError(error));
    }
  }

  /** Where the track on its way will begin. */
  enterAt(position: Seconds): void {
    if (this.#entering) this.#entering.position = position;
  }

  /** Gives up on a track that is on its way. */
  leave(): void {
    this.#entering?.abort.abort();
    this.#entering = null;
  }

  /** Jumps into the next track, which is prepared. */
  skip(): void {
    const { next } = this;
    if (!next) return;
    this.current?.stop();
    if (this.#fade > 0) this.#host.decks.swap(seconds(0));
    this.#makePresent(next);
    next.place();
    void next.deck.sound.moveLater(next.timeline.span.start);
    this.#host.link.seeked(next, seconds(0));
    this.#host.entered();
    this.finishIfLast();
  }

  seek(position: Seconds): void {
    const run = this.current;
    if (!run) return;
    const to = within(run, position);
    run.deck.sink?.hurry();
    run.deck.sound.jump(seconds(run.timeline.span.start + to), () =>
      this.#host.link.seeked(run, to),
    );
  }

  /** The sound has moved: perhaps into the next track. */
  moved(): void {
    const { current, next } = this;
    if (!current || this.entering) return;
    if (next && this.#fade === 0 && next.position >= -JOIN_TOLERANCE_S) this.#goOn(next);
    else if (next && this.#isTimeToFade(current, next)) this.#fadeInto(current, next);
    else this.#host.link.tellPosition(current);
  }

  /** The present track is over, and the next one waits on the other deck. */
  endReached(): boolean {
    const { current, next } = this;
    if (!current || !next || this.#fade === 0) return false;
    this.#fadeInto(current, next);
    return true;
  }

  #isTimeToFade(current: TrackRun, next: TrackRun): boolean {
    const left = current.timeline.duration - current.position;
    const ready = Math.min(FADE_READY_S, 0.9 * next.timeline.duration);
    return this.#fade > 0 && left <= this.#fade && next.map.ahead(seconds(0)) >= ready;
  }

  #fadeInto(current: TrackRun, next: TrackRun): void {
    const left = Math.max(0, current.timeline.duration - current.position);
    this.#host.decks.swap(seconds(Math.min(left, this.#fade)));
    next.deck.sound.release();
    this.#goOn(next);
  }

  #goOn(next: TrackRun): void {
    this.current?.stop();
    this.#makePresent(next);
    // Before the core hears of it and asks for more: what followed is no longer what follows.
    this.#host.joined();
    this.#host.link.tellPosition(next, true);
    this.finishIfLast();
  }

  /** Gets the next track ready to be fetched, once the present one is on its way. */
  prepareNext(): void {
    const track = this.#host.following();
    const { fading } = this.#host.decks;
    const busy = this.next || this.#preparing || this.entering || fading;
    if (busy || !track || track === this.#lost || !this.current?.map.held.length) return;
    void this.#prepare(this.current, track);
  }

  dropNext(): void {
    this.#preparing?.abort.abort();
    this.#preparing = null;
    const { next } = this;
    if (!next) return;
    next.stop();
    this.next = null;
    this.#fade = seconds(0);
    next.clear();
    this.#host.link.announce(null);
  }

  /** What a deck holds may have changed. */
  reconcile(deck: Deck): void {
    for (const run of [this.current, this.next]) if (run?.deck === deck) run.reconcile();
  }

  /** Tells the source that nothing follows, once nothing does. */
  finishIfLast(): void {
    const following = this.#host.following();
    const last = !following || following === this.#lost || this.#fade > 0;
    const { current } = this;
    if (last && current?.lastSegmentBuffered) void current.deck.sink?.finish();
  }

  stop(): void {
    this.leave();
    this.dropNext();
    this.current?.stop();
    this.current = null;
  }

  #load(track: QueueTrack, signal: AbortSignal): Promise<LoadedTrack> {
    const { manifests, stored, isTypeSupported } = this.#host;
    return loadTrack(track, manifests, stored, isTypeSupported, signal).then((loaded) => {
      const { bounds } = loaded.manifest;
      if (bounds && !signal.aborted) this.#host.bounded(bounds);
      return loaded;
    });
  }

  #begin(core: DecisionCore, loaded: LoadedTrack, position: Seconds): void {
    this.current?.stop();
    const { decks } = this.#host;
    decks.endFade();
    void decks.active.sink?.clear(seconds(0));
    const run = this.#run(loaded, samples(0), decks.active);
    this.current = run;
    run.place();
    const to = within(run, position);
    void run.deck.sound.moveLater(to);
    this.#host.link.enter(core, run, to);
    this.#host.entered();
  }

  async #prepare(current: TrackRun, track: QueueTrack): Promise<void> {
    const abort = new AbortController();
    this.#preparing = { abort, track };
    try {
      const loaded = await this.#load(track, abort.signal);
      if (abort.signal.aborted) return;
      const { free } = this.#host.decks;
      this.#fade = free ? this.#host.fade(current, loaded) : seconds(0);
      const [offset, deck] =
        this.#fade > 0 && free ? [samples(0), free] : [current.timeline.endOffset, current.deck];
      this.next = this.#run(loaded, offset, deck);
      if (this.#fade > 0) this.next.place();
      this.#host.link.announce(this.next);
      this.moved();
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#lose(track);
      if (!(error instanceof LoadError)) throw error;
    } finally {
      if (this.#preparing?.abort === abort) this.#preparing = null;
    }
  }

  /** The queue ends before `track`, for now; when the sound gets there it is tried again. */
  #lose(track: QueueTrack): void {
    this.#lost = track;
    this.finishIfLast();
  }

  #makePresent(next: TrackRun): void {
    this.current = next;
    this.next = null;
    this.#lost = null;
    this.#fade = seconds(0);
  }

  #run(loaded: LoadedTrack, offset: Samples, deck: Deck): TrackRun {
    const { network, link, manifests } = this.#host;
    this.#count += 1;
    return new TrackRun(this.#count, loaded, offset, {
      network,
      deck,
      tell: (input) => link.tell(input),
      shown: () => this.#host.shown(),
      renewManifest: (id, signal) => manifests.manifest(id, signal),
      changed: () => this.#changed(),
      measured: (rate) => this.#host.measured(rate),
      failed: (run, error) => this.#failed(run, error),
    });
  }

  #changed(): void {
    this.finishIfLast();
    this.#host.changed();
  }

  #failed(run: TrackRun, error: LoadError): void {
    if (run === this.current) {
      run.stop();
      this.#host.failed(error);
    } else if (run === this.next) {
      this.dropNext();
      this.#lose(run.track);
    }
  }
}

const within = (run: TrackRun, position: Seconds): Seconds =>
  seconds(Math.min(Math.max(0, position), Math.max(0, run.timeline.duration - END_MARGIN_S)));

const asLoadError = (error: unknown): LoadError =>
  error instanceof LoadError
    ? error
    : new LoadError('unavailable', 'The player could not be started.');
