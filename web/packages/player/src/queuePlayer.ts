// The queue over an engine: which track comes next, and which came before. Makes no sound itself.

import type { Witness } from './core/driver.ts';
import type { AudioEngine } from './engine/audioEngine.ts';
import type { LoadOptions, Player } from './player.ts';
import type {
  Bounds,
  BufferSettings,
  Crossfade,
  HostLoad,
  Leveling,
  Mode,
  NetworkDeclaration,
  NetworkEstimate,
  Preferences,
  Quality,
} from './preferences.ts';
import type { ErrorCode, PlayerState, QueueTrack, SkippedTrack } from './state.ts';
import { createStore, type Store, type Unsubscribe } from './store.ts';
import { seconds } from './units.ts';

/** `previous` within this long of the beginning goes to the track before. */
const RESTART_AFTER_S = 3;
/** Errors of the track itself: the next one may well play. */
const PASSED_OVER: readonly ErrorCode[] = ['unavailable', 'decode'];

type Place = Pick<PlayerState, 'queue' | 'index' | 'skipped'>;

export class QueuePlayer implements Player {
  readonly #engine: AudioEngine;
  readonly #store: Store<PlayerState>;
  readonly #stopFollowing: Unsubscribe;
  #place: Place = { queue: [], index: -1, skipped: null };
  /** What the engine believes to come next. */
  #enqueued: QueueTrack | null = null;

  constructor(engine: AudioEngine) {
    this.#engine = engine;
    this.#store = createStore<PlayerState>({ ...engine.state, ...this.#place });
    this.#stopFollowing = engine.subscribe(
      (state) => state,
      () => this.#follow(),
    );
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
    this.#goTo(queue, index, options.play ?? false);
  }

  updateQueue(queue: readonly QueueTrack[], index: number): void {
    const { track, wantsToPlay } = this.state;
    if (!track || queue[index]?.id !== track.id) return this.#goTo(queue, index, wantsToPlay);
    this.#place = { ...this.#place, queue, index };
    this.#store.patch(this.#place);
    this.#engine.enqueue(this.#choose());
  }

  next(): void {
    const { queue, index, wantsToPlay } = this.state;
    if (index + 1 < queue.length) this.#goTo(queue, index + 1, wantsToPlay);
  }

  previous(): void {
    const { queue, index, position, wantsToPlay } = this.state;
    if (position > RESTART_AFTER_S || index <= 0) this.#engine.seek(0);
    else this.#goTo(queue, index - 1, wantsToPlay);
  }

  play = (): void => this.#engine.play();
  pause = (): void => this.#engine.pause();
  seek = (position: number): void => this.#engine.seek(position);
  setVolume = (volume: number): void => this.#engine.setVolume(volume);
  mute = (muted: boolean): void => this.#engine.mute(muted);
  setRate = (rate: number): void => this.#engine.setRate(rate);
  setLeveling = (leveling: Leveling): void => this.#engine.setLeveling(leveling);
  setCrossfade = (crossfade: Crossfade): void => this.#engine.setCrossfade(crossfade);
  setMode = (mode: Mode): void => this.#engine.setMode(mode);
  overrideQuality = (quality: Quality | null): void => this.#engine.overrideQuality(quality);
  applyPreferences = (preferences: Preferences): void => this.#engine.advise({ preferences });
  applyBufferSettings = (buffer: BufferSettings): void => this.#engine.advise({ buffer });
  applyHostLoad = (hostLoad: HostLoad): void => this.#engine.advise({ hostLoad });
  applyBounds = (bounds: Bounds): void => this.#engine.advise({ bounds });
  declareNetwork = (network: Partial<NetworkDeclaration>): void => this.#engine.advise({ network });
  applyNetworkEstimate = (estimate: NetworkEstimate): void => this.#engine.advise({ estimate });
  decisionLog = (): string => this.#engine.decisionLog();
  watch = (watcher: Witness): Unsubscribe => this.#engine.watch(watcher);

  destroy(): void {
    this.#engine.destroy();
    this.#stopFollowing();
    this.#place = { queue: [], index: -1, skipped: null };
    this.#store.patch(this.#place);
  }

  #goTo(
    queue: readonly QueueTrack[],
    index: number,
    play: boolean,
    skipped: SkippedTrack | null = null,
  ): void {
    this.#place = { queue, index, skipped };
    const following = this.#choose();
    // What the engine shows from here on is not the going on of what was before.
    this.#enqueued = null;
    this.#engine.load(queue[index] ?? null, { position: seconds(0), play, following });
    this.#enqueued = following;
    this.#store.patch(this.#place);
  }

  /** Goes on with the next track where the present one cannot be played. */
  #passOver(): void {
    const { queue, index, track, error } = this.state;
    if (!track || !error || !PASSED_OVER.includes(error.code) || index + 1 >= queue.length) return;
    this.#goTo(queue, index + 1, true, { track, error });
  }

  #choose(): QueueTrack | null {
    const { queue, index } = this.#place;
    const following = queue[index + 1] ?? null;
    // The engine tells that it went on by showing another track: one played twice must be two.
    const twice = following !== null && following === queue[index];
    return (this.#enqueued = twice ? { ...following } : following);
  }

  /** Track and place change in one step: nobody sees one without the other. */
  #follow(): void {
    const { state } = this.#engine;
    const advanced = this.#enqueued !== null && state.track === this.#enqueued;
    if (advanced) this.#place = { ...this.#place, index: this.#place.index + 1 };
    if (advanced) this.#enqueued = null;
    const failed = state.error !== this.state.error && this.state.wantsToPlay;
    // After the engine is done with what it does: this is one of its changes.
    if (failed) void Promise.resolve().then(() => this.#passOver());
    this.#store.patch({ ...state, ...this.#place });
    if (advanced) this.#engine.enqueue(this.#choose());
  }
}
