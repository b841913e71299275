// An engine that another takes over from, once it cannot go on: what is asked of it goes to whichever
// plays now, and whoever watches sees one engine.

import type { Witness } from '../core/driver.ts';
import type { Crossfade, Leveling, Mode, Quality } from '../preferences.ts';
import type { EngineState, QueueTrack } from '../state.ts';
import { createStore, type Store, type Unsubscribe } from '../store.ts';
import type { Advice, AudioEngine, LoadTrack } from './audioEngine.ts';

/** The first may be bad luck: a damaged segment, a decoder that the system took away. */
const MOST_DECODE_ERRORS = 2;

export class StandInEngine implements AudioEngine {
  readonly #call: () => Promise<AudioEngine>;
  readonly #store: Store<EngineState>;
  readonly #watchers = new Map<Witness, Unsubscribe>();
  #engine: AudioEngine;
  #stopFollowing: Unsubscribe;
  #advice: Advice = {};
  #following: QueueTrack | null = null;
  #wants = false;
  #decodeErrors = 0;
  #isCalling = false;
  #isSecond = false;
  #isGone = false;

  /** `call`: asked for once, when `first` can play no more. */
  constructor(first: AudioEngine, call: () => Promise<AudioEngine>) {
    this.#engine = first;
    this.#call = call;
    this.#store = createStore<EngineState>(first.state);
    this.#stopFollowing = this.#follow(first);
  }

  get state(): EngineState {
    return this.#store.state;
  }

  subscribe<Part>(
    select: (state: EngineState) => Part,
    listener: (part: Part) => void,
  ): Unsubscribe {
    return this.#store.subscribe(select, listener);
  }

  load(track: QueueTrack | null, options: LoadTrack): void {
    this.#wants = options.play;
    this.#following = options.following;
    this.#engine.load(track, options);
  }

  enqueue(following: QueueTrack | null): void {
    this.#following = following;
    this.#engine.enqueue(following);
  }

  play(): void {
    this.#wants = true;
    this.#engine.play();
  }

  pause(): void {
    this.#wants = false;
    this.#engine.pause();
  }

  seek = (position: number): void => this.#engine.seek(position);
  setMode = (mode: Mode): void => this.#engine.setMode(mode);
  overrideQuality = (quality: Quality | null): void => this.#engine.overrideQuality(quality);
  setRate = (rate: number): void => this.#engine.setRate(rate);
  setVolume = (volume: number): void => this.#engine.setVolume(volume);
  mute = (muted: boolean): void => this.#engine.mute(muted);
  setLeveling = (leveling: Leveling): void => this.#engine.setLeveling(leveling);
  setCrossfade = (crossfade: Crossfade): void => this.#engine.setCrossfade(crossfade);
  decisionLog = (): string => this.#engine.decisionLog();

  advise(advice: Advice): void {
    this.#advice = { ...this.#advice, ...advice };
    this.#engine.advise(advice);
  }

  watch(watcher: Witness): Unsubscribe {
    this.#watchers.set(watcher, this.#engine.watch(watcher));
    return () => {
      this.#watchers.get(watcher)?.();
      this.#watchers.delete(watcher);
    };
  }

  destroy(): void {
    this.#isGone = true;
    this.#engine.destroy();
    this.#stopFollowing();
  }

  #follow(engine: AudioEngine): Unsubscribe {
    return engine.subscribe(
      (state) => state,
      (state) => {
        const before = this.state.error;
        if (this.#isSecond || state.error === before || !this.#givesUp(state)) {
          this.#store.patch(state);
        }
      },
    );
  }

  /** Whether the present engine is done with, or tries once more: the listener is not told then. */
  #givesUp({ error }: EngineState): boolean {
    if (this.#isCalling) return true;
    if (error?.code === 'decode' && (this.#decodeErrors += 1) < MOST_DECODE_ERRORS) {
      queueMicrotask(() => this.#wants && !this.#isGone && this.#engine.play());
      return true;
    }
    if (error?.code !== 'unsupported' && error?.code !== 'decode') return false;
    this.#isCalling = true;
    void this.#replace(error);
    return true;
  }

  async #replace(error: NonNullable<EngineState['error']>): Promise<void> {
    const second = await this.#call().catch(() => null);
    this.#isCalling = false;
    if (this.#isGone) return second?.destroy();
    this.#isSecond = true;
    if (!second) return this.#store.patch({ ...this.#engine.state, error });
    const first = this.#engine;
    const { track, position, mode, override, volume, muted, leveling, rate, crossfade } =
      first.state;
    this.#stopFollowing();
    this.#engine = second;
    second.advise(this.#advice);
    second.setMode(mode);
    second.setVolume(volume);
    second.mute(muted);
    second.setLeveling(leveling);
    second.setRate(rate);
    second.setCrossfade(crossfade);
    second.load(track, { position, play: this.#wants, following: this.#following });
    second.overrideQuality(override);
    for (const watcher of this.#watchers.keys()) this.#watchers.set(watcher, second.watch(watcher));
    first.destroy();
    this.#store.patch(second.state);
    this.#stopFollowing = this.#follow(second);
  }
}
