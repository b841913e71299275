// The engine of our own: segments into one media source, as the decision core says.

import type { CoreAction, Witness } from '../core/driver.ts';
import type { Connection } from '../net/connection.ts';
import type { MediaElementPort, MediaSourceFactory } from '../platform.ts';
import type { Crossfade, Leveling, Mode, NetworkDeclaration, Quality } from '../preferences.ts';
import {
  INITIAL_ENGINE_STATE,
  type EngineState,
  type PlayerError,
  type QueueTrack,
} from '../state.ts';
import { createStore, type Unsubscribe } from '../store.ts';
import { samplesToSeconds, seconds, type Seconds } from '../units.ts';
import type { Advice, AudioEngine, LoadTrack } from './audioEngine.ts';
import { Advised } from './advised.ts';
import { fadeBetween, usable } from './crossfade.ts';
import { Decks, type Deck, type DecksHost } from './decks.ts';
import { openDeck, type DeckHost } from './openDeck.ts';
import { CoreLink } from './coreLink.ts';
import { undecodable } from './manifestLoader.ts';
import { reach, type Settings } from './settings.ts';
import { Tracks } from './tracks.ts';
import type { TracksHost } from './tracksHost.ts';
import { BLOCKED, isFatal, statusOf, viewOf, withFailures } from './view.ts';

export interface EngineParts extends Pick<TracksHost, 'network' | 'manifests' | 'core' | 'stored'> {
  readonly element: MediaElementPort;
  readonly factory: MediaSourceFactory | null;
  readonly settings: Settings;
  readonly fading: DecksHost['fading'];
  declare(network: Partial<NetworkDeclaration>): void;
}

export class MseEngine implements AudioEngine {
  readonly link: CoreLink;
  readonly #connection: Connection;
  readonly #store = createStore<EngineState>(INITIAL_ENGINE_STATE);
  readonly #decks: Decks;
  readonly #tracks: Tracks;
  readonly #advised: Advised;
  #following: QueueTrack | null = null;
  #everPlayed = false;
  #ended = false;

  constructor(parts: EngineParts) {
    const { element, factory, network, settings, fading } = parts;
    const { clock, connection } = network;
    this.#connection = connection;
    const perform = (action: CoreAction) => this.#perform(action);
    this.link = new CoreLink(settings, clock, perform, (estimate) =>
      this.#store.patch({ estimate, reach: reach(this.link.settings) }),
    );
    this.#decks = new Decks(element, {
      clock,
      fading,
      open: (one) => openDeck(one, parts, (deck) => this.#hear(deck)),
    });
    this.#tracks = new Tracks({
      ...parts,
      link: this.link,
      decks: this.#decks,
      fade: (from, { track, manifest }) =>
        fadeBetween(
          this.state.crossfade,
          { track: from.track, duration: from.timeline.duration },
          { track, duration: samplesToSeconds(manifest.samples) },
        ),
      isTypeSupported: (mimeType) => factory?.isTypeSupported(mimeType) ?? false,
      shown: () => this.state,
      following: () => this.#following,
      entered: () => this.#tellWish(),
      joined: () => this.#joined(),
      changed: () => this.#show(),
      bounded: (bounds) => this.#advised.bound(bounds),
      measured: (throughput) => this.#store.patch({ throughput }),
      failed: (error) => this.#stop(error),
    });
    this.#advised = new Advised({
      store: this.#store,
      link: this.link,
      current: () => this.#tracks.current,
      declare: parts.declare,
    });
    const { preferences, buffer } = settings;
    this.#store.patch({ ...this.#decks.active.volume.shown, mode: preferences.mode, buffer });
  }

  /** What the element of a deck tells; one that is not heard counts for nothing. */
  #hear(deck: () => Deck): DeckHost {
    const heard = (work: () => void) => () => {
      if (this.#decks.active === deck()) work();
    };
    return {
      ahead: () => this.#tracks.ahead,
      moved: heard(() => {
        this.#tracks.moved();
        this.#show();
      }),
      stallStarted: heard(() => this.#stallStarted()),
      stallEnded: (length) => heard(() => this.#stallEnded(length))(),
      playedElsewhere: heard(() => this.play()),
      pausedElsewhere: heard(() => this.pause()),
      ended: heard(() => this.#reachedEnd()),
      blocked: heard(() => this.#stop(BLOCKED)),
      broken: heard(() => this.#stop(undecodable())),
      changed: heard(() => this.#show()),
      buffered: () => this.#tracks.reconcile(deck()),
      shown: (shown) => this.#store.patch(shown),
    };
  }

  get state(): EngineState {
    return this.#store.state;
  }

  readonly subscribe: AudioEngine['subscribe'] = (select, listener) =>
    this.#store.subscribe(select, listener);

  load(track: QueueTrack | null, { position, play, following }: LoadTrack): void {
    const { next } = this.#tracks;
    const prepared = track !== null && next?.track === track && position === 0;
    this.#following = following;
    this.#ended = false;
    this.#everPlayed &&= play;
    this.#decks.hush();
    this.#tracks.leave();
    const override = track === this.state.track ? this.state.override : null;
    const wantsToPlay = play && track !== null;
    this.#store.patch({ track, position, wantsToPlay, override, error: null });
    this.#advised.keepOverride();
    if (play && track) this.#decks.unlock();
    if (!track) this.#tracks.stop();
    else if (prepared) this.#tracks.skip();
    else {
      this.#tracks.dropNext();
      void this.#tracks.enter(track, position);
    }
    this.#show();
  }

  enqueue(following: QueueTrack | null): void {
    this.#following = following;
    const { coming } = this.#tracks;
    if (coming && coming.id !== following?.id) this.#tracks.dropNext();
    this.#show();
  }

  play(): void {
    const { track, position, error } = this.state;
    if (!track) return;
    this.#decks.unlock();
    if (isFatal(error)) {
      this.#connection.wake();
      return this.load(track, { position, play: true, following: this.#following });
    }
    this.#store.patch({ wantsToPlay: true, error: error?.code === 'blocked' ? null : error });
    if (this.#ended) this.seek(0);
    if (!this.#tracks.entering) this.link.tell({ type: 'play_pressed' });
    this.#show();
  }

  pause(): void {
    this.#store.patch({ wantsToPlay: false });
    this.#decks.hush();
    const run = this.#tracks.current;
    if (run && !this.#tracks.entering) this.link.tellPosition(run, true);
    this.link.tell({ type: 'pause_pressed' });
    this.#show();
  }

  seek(position: number): void {
    this.#ended = false;
    this.#decks.endFade();
    if (this.#tracks.entering) {
      this.#tracks.enterAt(seconds(Math.max(0, position)));
      this.#store.patch({ position: seconds(Math.max(0, position)) });
    } else this.#tracks.seek(seconds(position));
    this.#show();
  }

  setRate(rate: number): void {
    this.#store.patch({ rate: this.#decks.pace(rate) });
  }

  setVolume = (volume: number): void => this.#decks.each((deck) => deck.volume.set(volume));
  mute = (muted: boolean): void => this.#decks.each((deck) => deck.volume.mute(muted));
  setLeveling = (by: Leveling): void => this.#decks.each((deck) => deck.volume.level(by));
  overrideQuality = (quality: Quality | null): void => this.#advised.override(quality);
  advise = (advice: Advice): void => this.#advised.follow(advice);
  decisionLog = (): string => this.link.log();
  watch = (watcher: Witness): Unsubscribe => this.link.watch(watcher);

  setCrossfade(asked: Crossfade): void {
    const crossfade = usable(asked);
    const apply = () => {
      this.#store.patch({ crossfade });
      // What was prepared to be joined is prepared anew.
      this.#tracks.dropNext();
      this.#show();
    };
    if (crossfade.seconds === 0) return apply();
    void this.#decks.prepare().then((possible) => possible && apply());
  }

  setMode(mode: Mode): void {
    this.#advised.prefer({ ...this.link.settings.preferences, mode });
  }

  destroy(): void {
    this.link.stop();
    this.#tracks.stop();
    this.#decks.destroy();
    this.#store.patch({ ...INITIAL_ENGINE_STATE });
  }

  /** Failures in a row have changed. */
  networkFelt(failures: number): void {
    this.#store.patch({ error: withFailures(this.state.error, failures) });
  }

  #perform(action: CoreAction): void {
    if (action.type === 'play') {
      if (this.#tracks.entering || !this.state.wantsToPlay) return;
      this.#everPlayed = true;
      this.#decks.active.sound.release();
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

  #tellWish(): void {
    this.link.tell({ type: this.state.wantsToPlay ? 'play_pressed' : 'pause_pressed' });
    this.#show();
  }

  #joined(): void {
    this.#following = null;
    this.#store.patch({ track: this.#tracks.current?.track ?? null, override: null });
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
    if (this.#tracks.endReached()) return;
    const following = this.#following;
    // It could not be had ahead of time: try again, and say why if it still cannot.
    if (following) {
      return this.load(following, { position: seconds(0), play: true, following: null });
    }
    this.#ended = true;
    this.pause();
  }

  #stop({ code, message }: PlayerError): void {
    // In one step: whoever sees the error sees whether sound was wanted before it.
    this.#store.patch({ error: { code, message }, wantsToPlay: false });
    this.pause();
  }

  #show(): void {
    const { current, next, entering } = this.#tracks;
    const shown = entering ? null : current;
    this.#decks.suit(shown, next);
    this.#advised.keepOverride();
    const status = statusOf({
      state: this.state,
      sound: this.#decks.active.sound,
      everPlayed: this.#everPlayed,
      ended: this.#ended,
      ready: shown !== null,
    });
    this.#store.patch({ status, ...viewOf(shown, next, this.state) });
    if (this.#everPlayed) this.#tracks.prepareNext();
  }
}
