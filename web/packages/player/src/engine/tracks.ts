// The track that plays and the one that follows it: gets them, places them end to end on one
// timeline, and drops what is not wanted any more.

import type { DecisionCore } from '../core/contract.ts';
import type { Sink } from '../media/sink.ts';
import type { Bounds } from '../preferences.ts';
import type { EngineState, QueueTrack } from '../state.ts';
import { samples, seconds, type Kbps, type Samples, type Seconds } from '../units.ts';
import type { CoreLink } from './coreLink.ts';
import { LoadError, type ManifestLoader } from './manifestLoader.ts';
import type { Network } from './segmentLoader.ts';
import type { StoredTracks } from './stored.ts';
import type { Sound } from './sound.ts';
import { loadTrack } from './trackLoader.ts';
import { TrackRun, type LoadedTrack } from './trackRun.ts';

/** The next track begins here, give or take what a decoder that ran dry leaves unplayed. */
const JOIN_TOLERANCE_S = 0.05;
/** A seek to the very end would end the track before it is heard. */
const END_MARGIN_S = 0.02;

export interface TracksHost {
  readonly network: Network;
  readonly manifests: ManifestLoader;
  readonly core: Promise<DecisionCore>;
  /** Null where nothing is kept on this device. */
  readonly stored: StoredTracks | null;
  readonly link: CoreLink;
  readonly sound: Sound;
  readonly sink: Sink | null;
  isTypeSupported(mimeType: string): boolean;
  /** What the queue holds after the present track. */
  following(): QueueTrack | null;
  shown(): EngineState;
  /** A track asked for is there; the core has to hear whether sound is wanted. */
  entered(): void;
  /** The sound went on from one track into the next. */
  joined(): void;
  changed(): void;
  measured(rate: Kbps): void;
  /** The server's rules, as it said them last. */
  bounded(bounds: Bounds): void;
  failed(error: LoadError): void;
}

interface Entering {
  readonly abort: AbortController;
  position: Seconds;
}

export class Tracks {
  current: TrackRun | null = null;
  next: TrackRun | null = null;
  readonly #host: TracksHost;
  #count = 0;
  #entering: Entering | null = null;
  #preparing: AbortController | null = null;
  #lost: QueueTrack | null = null;

  constructor(host: TracksHost) {
    this.#host = host;
  }

  /** A track is on its way in the place of the present one. */
  get entering(): boolean {
    return this.#entering !== null;
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
    this.#makePresent(next);
    next.place();
    void this.#host.sound.moveLater(next.timeline.span.start);
    this.#host.link.seeked(next, seconds(0));
    this.#host.entered();
    this.finishIfLast();
  }

  seek(position: Seconds): void {
    const run = this.current;
    if (!run) return;
    const to = within(run, position);
    this.#host.sink?.hurry();
    this.#host.sound.jump(seconds(run.timeline.span.start + to), () =>
      this.#host.link.seeked(run, to),
    );
  }

  /** The sound has moved: perhaps into the next track. */
  moved(): void {
    const { current, next } = this;
    if (!current || this.entering) return;
    if (next && next.position >= -JOIN_TOLERANCE_S) {
      current.stop();
      this.#makePresent(next);
      this.#host.link.tellPosition(next, true);
      this.#host.joined();
      this.finishIfLast();
    } else this.#host.link.tellPosition(current);
  }

  /** Gets the next track ready to be fetched, once the present one is on its way. */
  prepareNext(): void {
    const track = this.#host.following();
    const busy = this.next || this.#preparing || this.entering;
    if (busy || !track || track === this.#lost || !this.current?.map.held.length) return;
    void this.#prepare(this.current, track);
  }

  dropNext(): void {
    this.#preparing?.abort();
    this.#preparing = null;
    const { next } = this;
    if (!next) return;
    next.stop();
    this.next = null;
    void this.#host.sink?.clear(next.timeline.span.start);
    this.#host.link.announce(null);
  }

  /** Tells the source that nothing follows, once nothing does. */
  finishIfLast(): void {
    const following = this.#host.following();
    const last = !following || following === this.#lost;
    if (last && this.current?.lastSegmentBuffered) void this.#host.sink?.finish();
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
    void this.#host.sink?.clear(seconds(0));
    const run = this.#run(loaded, samples(0));
    this.current = run;
    run.place();
    const to = within(run, position);
    void this.#host.sound.moveLater(to);
    this.#host.link.enter(core, run, to);
    this.#host.entered();
  }

  async #prepare(current: TrackRun, track: QueueTrack): Promise<void> {
    const abort = new AbortController();
    this.#preparing = abort;
    try {
      const loaded = await this.#load(track, abort.signal);
      if (abort.signal.aborted) return;
      this.next = this.#run(loaded, current.timeline.endOffset);
      this.#host.link.announce(this.next);
      this.moved();
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#lose(track);
      if (!(error instanceof LoadError)) throw error;
    } finally {
      if (this.#preparing === abort) this.#preparing = null;
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
  }

  #run(loaded: LoadedTrack, offset: Samples): TrackRun {
    const { network, sink, sound, link, manifests } = this.#host;
    if (!sink) throw new LoadError('unsupported', 'This browser cannot play adaptive audio.');
    this.#count += 1;
    return new TrackRun(this.#count, loaded, offset, {
      network,
      sink,
      tell: (input) => link.tell(input),
      shown: () => this.#host.shown(),
      mediaTime: () => sound.mediaTime,
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
