// The engine: takes requests, follows the core, and is the only writer of the player's state.

import type { CoreAction, Witness } from '../core/driver.ts';
import { Sink } from '../media/sink.ts';
import type { Connection } from '../net/connection.ts';
import type { MediaElementPort, MediaSourceFactory } from '../platform.ts';
import type {
  BufferSettings,
  HostLoad,
  Leveling,
  Mode,
  NetworkEstimate,
  Preferences,
} from '../preferences.ts';
import type { LoadOptions, Player } from '../player.ts';
import { INITIAL_STATE, type PlayerError, type PlayerState, type QueueTrack } from '../state.ts';
import { createStore, type Unsubscribe } from '../store.ts';
import { seconds, type Seconds } from '../units.ts';
import { CoreLink } from './coreLink.ts';
import { undecodable } from './manifestLoader.ts';
import { isUsable, type Settings } from './settings.ts';
import { Sound } from './sound.ts';
import { Tracks, type TracksHost } from './tracks.ts';
import { Volume } from './volume.ts';
import { BLOCKED, isFatal, statusOf, viewOf, withFailures } from './view.ts';

/** `previous` within this long of the beginning goes to the track before. */
const RESTART_AFTER_S = 3;

export interface EngineParts extends Pick<TracksHost, 'network' | 'manifests' | 'core'> {
  readonly element: MediaElementPort;
  readonly factory: MediaSourceFactory | null;
  readonly settings: Settings;
}

export class Engine implements Player {
  readonly link: CoreLink;
  readonly setVolume = (volume: number): void => this.#volume.set(volume);
  readonly mute = (muted: boolean): void => this.#volume.mute(muted);
  readonly setLeveling = (leveling: Leveling): void => this.#volume.level(leveling);
  readonly #connection: Connection;
  readonly #store = createStore<PlayerState>(INITIAL_STATE);
  readonly #sound: Sound;
  readonly #sink: Sink | null;
  readonly #volume: Volume;
  readonly #tracks: Tracks;
  #everPlayed = false;
  #ended = false;

  constructor(parts: EngineParts) {
    const { element, factory, network, settings } = parts;
    const { clock, connection } = network;
    this.#volume = new Volume(element, clock, (shown) => this.#store.patch(shown));
    this.#connection = connection;
    this.link = new CoreLink(settings, clock, (action) => this.#perform(action));
    this.#sound = new Sound(element, clock, {
      ahead: () => this.#tracks.ahead,
      settled: () => this.#sink?.settled() ?? Promise.resolve(),
      moved: () => {
        this.#tracks.moved();
        this.#show();
      },
      stallStarted: () => this.#stallStarted(),
      stallEnded: (length) => this.#stallEnded(length),
      playedElsewhere: () => this.play(),
      pausedElsewhere: () => this.pause(),
      ended: () => this.#reachedEnd(),
      blocked: () => this.#stop(BLOCKED),
      broken: () => this.#stop(undecodable()),
      changed: () => this.#show(),
    });
    const onBuffered = () => this.#tracks.current?.reconcile();
    const onStreaming = connection.allow;
    this.#sink = factory && new Sink({ clock, element, factory, onStreaming, onBuffered });
    this.#tracks = new Tracks({
      ...parts,
      link: this.link,
      sound: this.#sound,
      sink: this.#sink,
      isTypeSupported: (mimeType) => factory?.isTypeSupported(mimeType) ?? false,
      following: () => this.state.queue[this.state.index + 1] ?? null,
      entered: () => this.#tellWish(),
      joined: () => this.#joined(),
      changed: () => this.#show(),
      measured: (throughput) => this.#store.patch({ throughput }),
      failed: (error) => this.#stop(error),
    });
    const { preferences, buffer } = settings;
    this.#store.patch({ ...this.#volume.shown, mode: preferences.mode, buffer });
  }

  get state(): PlayerState {
    return this.#store.state;
  }

  subscribe<Part>(
    select: (state: PlayerState) => Part,
    listener: (part: Part) => void,
  ): Unsubscribe {
    return this.#store.subscribe(select, listener);
  }

  load(queue: readonly QueueTrack[], index = 0, options: LoadOptions = {}): void {
    this.#tracks.dropNext();
    this.#store.patch({ queue });
    this.#goTo(index, seconds(0), options.play ?? false);
  }

  updateQueue(queue: readonly QueueTrack[], index: number): void {
    const { track, wantsToPlay } = this.state;
    if (!track || queue[index]?.id !== track.id) {
      return this.load(queue, index, { play: wantsToPlay });
    }
    this.#store.patch({ queue, index });
    if (this.#tracks.next?.track.id !== queue[index + 1]?.id) this.#tracks.dropNext();
    this.#show();
  }

  play(): void {
    const { track, index, position, error } = this.state;
    if (!track) return;
    this.#sound.unlock();
    if (isFatal(error)) {
      this.#connection.wake();
      return this.#goTo(index, position, true);
    }
    this.#store.patch({ wantsToPlay: true, error: error?.code === 'blocked' ? null : error });
    if (this.#ended) this.seek(0);
    if (!this.#tracks.entering) this.link.tell({ type: 'play_pressed' });
    this.#show();
  }

  pause(): void {
    this.#store.patch({ wantsToPlay: false });
    this.#sound.hold();
    this.#sound.forgetStall();
    const run = this.#tracks.current;
    if (run && !this.#tracks.entering) this.link.tellPosition(run, true);
    this.link.tell({ type: 'pause_pressed' });
    this.#show();
  }

  seek(position: number): void {
    this.#ended = false;
    if (this.#tracks.entering) {
      this.#tracks.enterAt(seconds(Math.max(0, position)));
      this.#store.patch({ position: seconds(Math.max(0, position)) });
    } else this.#tracks.seek(seconds(position));
    this.#show();
  }

  next(): void {
    const { queue, index, wantsToPlay } = this.state;
    if (index + 1 < queue.length) this.#goTo(index + 1, seconds(0), wantsToPlay);
  }

  previous(): void {
    const { index, position, wantsToPlay } = this.state;
    if (position > RESTART_AFTER_S || index <= 0) this.seek(0);
    else this.#goTo(index - 1, seconds(0), wantsToPlay);
  }

  setMode(mode: Mode): void {
    this.applyPreferences({ ...this.link.settings.preferences, mode });
  }

  applyPreferences(preferences: Preferences): void {
    this.link.change({ preferences }, this.#tracks.current);
    this.#store.patch({ mode: preferences.mode });
  }

  applyBufferSettings(buffer: BufferSettings): void {
    if (!isUsable(buffer)) return;
    this.link.change({ buffer }, this.#tracks.current);
    this.#store.patch({ buffer });
  }

  applyHostLoad(load: HostLoad): void {
    this.link.hostLoad(load);
  }

  applyNetworkEstimate(estimate: NetworkEstimate): void {
    this.link.settings = { ...this.link.settings, estimate };
  }

  decisionLog(): string {
    return this.link.log();
  }

  watch(watcher: Witness): Unsubscribe {
    return this.link.watch(watcher);
  }

  destroy(): void {
    this.link.stop();
    this.#tracks.stop();
    this.#sound.destroy();
    this.#sink?.destroy();
    this.#store.patch({ ...INITIAL_STATE });
  }

  /** Failures in a row have changed. */
  networkFelt(failures: number): void {
    this.#store.patch({ error: withFailures(this.state.error, failures) });
  }

  #perform(action: CoreAction): void {
    if (action.type === 'play') {
      if (this.#tracks.entering || !this.state.wantsToPlay) return;
      this.#everPlayed = true;
      this.#sound.release();
      return this.#show();
    }
    const { quality, code, reason } = action;
    const { track, index } = action.segment;
    const run = this.#tracks.numbered(track);
    if (!run) return;
    const position = run === this.#tracks.current ? run.timeline.segmentSpan(index).start : null;
    this.#store.patch({ decision: { quality, code, reason, position } });
    if (action.type === 'abandon') run.abandon(index);
    else run.fetch(index, quality);
  }

  #goTo(index: number, position: Seconds, play: boolean): void {
    const track = this.state.queue[index] ?? null;
    const { next } = this.#tracks;
    const prepared = next?.track === track && index === this.state.index + 1;
    this.#ended = false;
    this.#everPlayed &&= play;
    this.#sound.hold();
    this.#sound.forgetStall();
    this.#tracks.leave();
    this.#store.patch({ index, track, position, wantsToPlay: play && !!track, error: null });
    if (play && track) this.#sound.unlock();
    if (!track) this.#tracks.stop();
    else if (prepared && position === 0) this.#tracks.skip();
    else void this.#tracks.enter(track, position);
    this.#show();
  }

  #tellWish(): void {
    this.link.tell({ type: this.state.wantsToPlay ? 'play_pressed' : 'pause_pressed' });
    this.#show();
  }

  #joined(): void {
    const index = this.state.index + 1;
    this.#store.patch({ index, track: this.state.queue[index] ?? null });
    this.#show();
  }

  #stallStarted(): void {
    const { count, total } = this.state.stalls;
    this.#store.patch({ stalls: { count: count + 1, total } });
    if (this.#tracks.current) this.link.tellPosition(this.#tracks.current, true);
    this.link.tell({ type: 'stall_started' });
    this.#show();
  }

  #stallEnded(length: Seconds): void {
    const { count, total } = this.state.stalls;
    this.#store.patch({ stalls: { count, total: seconds(total + length) } });
  }

  #reachedEnd(): void {
    const { queue, index } = this.state;
    // The next track could not be had ahead of time: try again, and say why if it still cannot.
    if (index + 1 < queue.length) return this.#goTo(index + 1, seconds(0), true);
    this.#ended = true;
    this.pause();
  }

  #stop({ code, message }: PlayerError): void {
    this.pause();
    this.#store.patch({ error: { code, message } });
    this.#show();
  }

  #show(): void {
    const { current, next, entering } = this.#tracks;
    const { track, position } = this.state;
    const shown = entering ? null : current;
    this.#volume.suit(shown, next);
    const wanted = { position, duration: seconds(track?.duration ?? 0) };
    const status = statusOf({
      state: this.state,
      sound: this.#sound,
      everPlayed: this.#everPlayed,
      ended: this.#ended,
      ready: shown !== null,
    });
    this.#store.patch({ status, ...viewOf(shown, next, wanted) });
    if (this.#everPlayed) this.#tracks.prepareNext();
  }
}
