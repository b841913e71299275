// An engine that makes no sound: it shows what it was asked for, and a test says what happens.

import type { AudioEngine, LoadTrack } from '../engine/audioEngine.ts';
import type { Crossfade, Quality } from '../preferences.ts';
import { INITIAL_ENGINE_STATE, type EngineState, type QueueTrack } from '../state.ts';
import { createStore } from '../store.ts';

export class FakeEngine implements AudioEngine {
  readonly asked: unknown[][] = [];
  following: QueueTrack | null = null;
  readonly #store = createStore<EngineState>(INITIAL_ENGINE_STATE);

  get state(): EngineState {
    return this.#store.state;
  }

  subscribe: AudioEngine['subscribe'] = (select, listener) =>
    this.#store.subscribe(select, listener);

  show = (change: Partial<EngineState>): void => this.#store.patch(change);

  load(track: QueueTrack | null, { position, play, following }: LoadTrack): void {
    this.asked.push(['load', track?.id ?? null, following?.id ?? null, play]);
    this.following = following;
    const status = track ? 'loading' : 'idle';
    this.show({ status, track, position, wantsToPlay: play, error: null });
  }

  enqueue(following: QueueTrack | null): void {
    this.asked.push(['enqueue', following?.id ?? null]);
    this.following = following;
  }

  /** The sound goes on into what was enqueued. */
  goOn(): void {
    const track = this.following;
    this.following = null;
    this.show({ track });
  }

  play = (): void => this.show({ wantsToPlay: true });
  pause = (): void => this.show({ wantsToPlay: false });
  seek = (position: number): void => void this.asked.push(['seek', position]);
  setMode = (mode: string): void => void this.asked.push(['setMode', mode]);
  overrideQuality = (override: Quality | null): void => this.show({ override });
  setRate = (rate: number): void => this.show({ rate });
  setVolume = (volume: number): void => this.show({ volume });
  mute = (muted: boolean): void => this.show({ muted });
  setCrossfade = (crossfade: Crossfade): void => this.show({ crossfade });
  setLeveling = (): void => undefined;
  advise = (advice: object): void => void this.asked.push(['advise', ...Object.keys(advice)]);
  decisionLog = (): string => '';
  watch = (): (() => void) => () => undefined;
  destroy = (): void => this.show(INITIAL_ENGINE_STATE);
}
