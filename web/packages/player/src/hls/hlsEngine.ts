// The engine on hls.js: for browsers and moments in which ours cannot play, and to compare with. It
// decides by hls.js's own rule, and joins tracks with a short silence.

import type { Advice, AudioEngine, LoadTrack } from '../engine/audioEngine.ts';
import { LoadError, undecodable } from '../engine/manifestLoader.ts';
import { BLOCKED, isFatal, statusOf } from '../engine/view.ts';
import { Volume } from '../engine/volume.ts';
import type { Api } from '../net/api.ts';
import type { Clock } from '../platform.ts';
import type { BufferSettings, Leveling, Mode, Quality } from '../preferences.ts';
import {
  INITIAL_ENGINE_STATE,
  type EngineState,
  type PlayerError,
  type QueueTrack,
} from '../state.ts';
import { createStore, type Unsubscribe } from '../store.ts';
import { samplesToSeconds, seconds } from '../units.ts';
import { Heard } from './heard.ts';
import { awaitManifest, type HlsManifest } from './manifest.ts';
import { openSource, type HlsClass, type Source } from './source.ts';

export interface HlsParts {
  readonly api: Api;
  readonly clock: Clock;
  readonly element: HTMLMediaElement;
  readonly hls: () => Promise<HlsClass>;
  readonly mode: Mode;
  readonly buffer: BufferSettings;
}

const OFFLINE: PlayerError = {
  code: 'offline',
  message: 'The server cannot be reached; trying again.',
};
const RATES = { least: 0.25, most: 4 };

const kept = (buffer: BufferSettings) => ({ buffer, reach: seconds(buffer.max_buffer_size) });

export class HlsEngine implements AudioEngine {
  readonly #parts: HlsParts;
  readonly #store = createStore<EngineState>(INITIAL_ENGINE_STATE);
  readonly #volume: Volume;
  readonly #heard = new Heard();
  readonly #stopListening: () => void;
  #abort = new AbortController();
  #source: Source | null = null;
  #manifest: HlsManifest | null = null;
  #following: QueueTrack | null = null;
  #isSounding = false;
  #isStalled = false;
  #everPlayed = false;
  #ended = false;
  #stalledAt = 0;

  constructor(parts: HlsParts) {
    this.#parts = parts;
    this.#volume = new Volume(parts.element, parts.clock, (shown) => this.#store.patch(shown));
    this.#store.patch({ ...this.#volume.shown, mode: parts.mode, ...kept(parts.buffer) });
    this.#stopListening = this.#listen();
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

  load(track: QueueTrack | null, { position, play, following }: LoadTrack): void {
    this.#close();
    this.#following = following;
    this.#ended = false;
    this.#everPlayed &&= play;
    this.#manifest = null;
    const { override, ...fresh } = {
      override: null,
      position,
      error: null,
      wantsToPlay: play && !!track,
    };
    this.#store.patch({ ...fresh, override, track, duration: seconds(track?.duration ?? 0) });
    if (track) void this.#open(track, position);
    this.#show();
  }

  enqueue(following: QueueTrack | null): void {
    this.#following = following;
  }

  play(): void {
    const { track, error, position } = this.state;
    if (!track) return;
    this.#store.patch({ wantsToPlay: true, error: error?.code === 'blocked' ? null : error });
    if (isFatal(error)) {
      this.#store.patch({ error: null });
      this.#close();
      void this.#open(track, position);
    } else if (this.#ended) {
      this.seek(0);
      this.#start();
    } else if (this.#source) this.#start();
    this.#show();
  }

  pause(): void {
    this.#store.patch({ wantsToPlay: false });
    this.#parts.element.pause();
    this.#isSounding = this.#isStalled = false;
    this.#show();
  }

  seek(position: number): void {
    this.#ended = false;
    const at = seconds(Math.max(0, Math.min(position, this.state.duration || position)));
    this.#store.patch({ position: at });
    if (this.#source) this.#parts.element.currentTime = at;
    this.#show();
  }

  setMode(mode: Mode): void {
    this.#store.patch({ mode });
    this.#source?.hold(this.#held);
  }

  overrideQuality(override: Quality | null): void {
    this.#store.patch({ override });
    this.#source?.hold(this.#held);
  }

  setRate(rate: number): void {
    const { element } = this.#parts;
    element.defaultPlaybackRate = element.playbackRate = Math.min(
      Math.max(rate, RATES.least),
      RATES.most,
    );
    this.#store.patch({ rate: element.playbackRate });
  }

  setVolume = (volume: number): void => this.#volume.set(volume);
  mute = (muted: boolean): void => this.#volume.mute(muted);
  setLeveling = (leveling: Leveling): void => this.#volume.level(leveling);

  advise({ preferences, buffer }: Advice): void {
    if (preferences) this.setMode(preferences.mode);
    if (!buffer) return;
    this.#store.patch(kept(buffer));
    this.#source?.fill(buffer);
  }

  /** It has one element: nothing fades into anything. */
  setCrossfade = (): void => undefined;
  decisionLog = (): string => '';
  watch = (): Unsubscribe => () => undefined;

  destroy(): void {
    this.#close();
    this.#stopListening();
    this.#store.patch(INITIAL_ENGINE_STATE);
  }

  get #held(): Quality | null {
    const { mode, override } = this.state;
    return override ?? (mode === 'auto' ? null : mode);
  }

  async #open(track: QueueTrack, position: number): Promise<void> {
    const { signal } = this.#abort;
    try {
      const [hls, manifest] = await Promise.all([
        this.#parts.hls(),
        awaitManifest(this.#parts, track.id, signal, () => this.#store.patch({ error: OFFLINE })),
      ]);
      if (signal.aborted) return;
      this.#manifest = manifest;
      const start = { position, buffer: this.state.buffer, held: this.#held };
      this.#source = openSource(hls, this.#parts.element, manifest, start, {
        fetching: (fetching) => this.#store.patch({ fetching }),
        measured: (throughput) => this.#store.patch({ throughput, error: null }),
        buffered: (from, to, rung) => {
          this.#heard.add({ start: from, end: to, ...rung });
          this.#show();
        },
        failed: (why) => (why === 'network' ? this.#again(track) : this.#fail(why)),
      });
      const { rate } = this.state;
      this.setRate(rate);
      this.#volume.suit({ manifest, position: seconds(position) }, null);
      this.#store.patch({ duration: samplesToSeconds(manifest.samples) });
      if (this.state.wantsToPlay) this.#start();
      this.#show();
    } catch (error) {
      if (signal.aborted) return;
      const unloadable = new LoadError('unavailable', 'The second engine cannot be loaded.');
      this.#fail(error instanceof LoadError ? error : unloadable);
    }
  }

  /** With fresh tickets, from where it was. */
  #again(track: QueueTrack): void {
    const { position } = this.state;
    this.#close();
    this.#store.patch({ error: OFFLINE });
    void this.#open(track, position);
    this.#show();
  }

  #start(): void {
    this.#parts.element.play().catch((error: unknown) => {
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError') return;
      this.pause();
      this.#store.patch({ error: BLOCKED });
    });
  }

  #fail({ code, message }: PlayerError): void {
    this.#close();
    this.pause();
    this.#store.patch({ error: { code, message } });
    this.#show();
  }

  #close(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#source?.close();
    this.#source = null;
    this.#heard.clear();
    this.#isSounding = this.#isStalled = false;
    this.#store.patch({ fetching: null });
  }

  #listen(): () => void {
    const { element } = this.#parts;
    const handlers: Readonly<Record<string, () => void>> = {
      playing: () => this.#sounds(),
      waiting: () => this.#waits(),
      timeupdate: () => this.#show(),
      ended: () => this.#reachedEnd(),
      pause: () => this.state.wantsToPlay && !element.ended && this.#source && this.pause(),
      error: () => this.#source && element.error && this.#fail(undecodable()),
    };
    for (const [name, handler] of Object.entries(handlers)) element.addEventListener(name, handler);
    return () => {
      for (const [name, handler] of Object.entries(handlers))
        element.removeEventListener(name, handler);
    };
  }

  #sounds(): void {
    const { count, total } = this.state.stalls;
    const lasted = this.#isStalled ? (this.#parts.clock.now() - this.#stalledAt) / 1e6 : 0;
    this.#isSounding = this.#everPlayed = true;
    this.#isStalled = false;
    this.#store.patch({ stalls: { count, total: seconds(total + lasted) } });
    this.#show();
  }

  #waits(): void {
    if (!this.#isSounding || this.#parts.element.seeking) return;
    const { count, total } = this.state.stalls;
    this.#isSounding = false;
    this.#isStalled = true;
    this.#stalledAt = this.#parts.clock.now();
    this.#store.patch({ stalls: { count: count + 1, total } });
    this.#show();
  }

  #reachedEnd(): void {
    const following = this.#following;
    if (following)
      return this.load(following, { position: seconds(0), play: true, following: null });
    this.#ended = true;
    this.pause();
  }

  #show(): void {
    const { element } = this.#parts;
    const position =
      this.#source && this.#manifest ? seconds(element.currentTime) : this.state.position;
    const status = statusOf({
      state: this.state,
      sound: { released: this.#isSounding, stalled: this.#isStalled },
      everPlayed: this.#everPlayed,
      ended: this.#ended,
      ready: this.#source !== null,
    });
    const buffered = this.#heard.ranges(element.buffered);
    this.#store.patch({ status, position, buffered, playing: this.#heard.at(position) });
  }
}
