// The audio element: runs it when listener and core both say so, and notices when it stops by
// itself. Never decides when media is enough.

import type { Clock, MediaElementPort } from '../platform.ts';
import { micros, microsToMillis, seconds, type Seconds } from '../units.ts';

/** A pause for lack of media leaves less than this in the decoder. */
const STARVED_S = 0.5;

export interface SoundHost {
  /** Media ahead of the playhead without a gap. */
  ahead(): Seconds;
  /** Everything handed to the source buffer so far is in it. */
  settled(): Promise<unknown>;
  moved(): void;
  stallStarted(): void;
  stallEnded(length: Seconds): void;
  /** Something other than the player's own controls started or stopped the element. */
  playedElsewhere(): void;
  pausedElsewhere(): void;
  ended(): void;
  blocked(): void;
  broken(): void;
  changed(): void;
}

export class Sound {
  readonly #element: MediaElementPort;
  readonly #clock: Clock;
  readonly #host: SoundHost;
  readonly #listeners: readonly (readonly [string, () => void])[];
  #released = false;
  #stalledAt: number | null = null;
  #unlocked = false;
  #target: Seconds | null = null;
  /** Pauses of our own whose event is still to come. */
  #ownPauses = 0;

  constructor(element: MediaElementPort, clock: Clock, host: SoundHost) {
    this.#element = element;
    this.#clock = clock;
    this.#host = host;
    this.#listeners = [
      ['timeupdate', () => host.moved()],
      ['seeked', () => host.moved()],
      ['waiting', () => this.#starved()],
      ['playing', () => host.changed()],
      ['play', () => !this.#released && !this.#element.paused && host.playedElsewhere()],
      ['pause', () => this.#paused()],
      ['ended', () => host.ended()],
      ['error', () => this.#element.error && host.broken()],
    ];
    for (const [name, listener] of this.#listeners) element.addEventListener(name, listener);
  }

  get mediaTime(): Seconds {
    return this.#target ?? seconds(this.#element.currentTime);
  }

  get released(): boolean {
    return this.#released;
  }

  get stalled(): boolean {
    return this.#stalledAt !== null;
  }

  /** Within the listener's gesture: some browsers let only that start sound later on. */
  unlock(): void {
    if (this.#unlocked) return;
    this.#unlocked = true;
    this.#element.play().catch(() => undefined);
    this.#silence();
  }

  /** The core says that the sound may run. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    if (this.#stalledAt !== null) {
      const stalledFor = microsToMillis(micros(this.#clock.now() - this.#stalledAt));
      this.#stalledAt = null;
      this.#host.stallEnded(seconds(stalledFor / 1e3));
    }
    void this.#host.settled().then(() => this.#start());
  }

  hold(): void {
    this.#released = false;
    this.#silence();
  }

  /** Silence that the listener asked for is no stall. */
  forgetStall(): void {
    this.#stalledAt = null;
  }

  /** Moves; the sound goes on only if `ask` makes the core release it again. */
  jump(mediaTime: Seconds, ask: () => void): void {
    this.#stalledAt = null;
    this.#released = false;
    this.#element.currentTime = mediaTime;
    ask();
    if (!this.#released) this.#silence();
  }

  /** Moves as soon as the source buffer knows the place; counts from there at once. */
  async moveLater(mediaTime: Seconds): Promise<void> {
    this.#target = mediaTime;
    await this.#host.settled();
    if (this.#target !== mediaTime) return;
    this.#element.currentTime = mediaTime;
    this.#target = null;
  }

  destroy(): void {
    this.hold();
    for (const [name, listener] of this.#listeners) {
      this.#element.removeEventListener(name, listener);
    }
  }

  async #start(): Promise<void> {
    if (!this.#released) return;
    try {
      await this.#element.play();
    } catch (error) {
      const refused = error instanceof Error && error.name === 'NotAllowedError';
      if (refused && this.#released) this.#host.blocked();
    }
    this.#host.changed();
  }

  #starved(): void {
    if (!this.#released || this.#host.ahead() > STARVED_S) return;
    this.hold();
    this.#stalledAt = this.#clock.now();
    this.#host.stallStarted();
  }

  #silence(): void {
    if (this.#element.paused) return;
    this.#ownPauses += 1;
    this.#element.pause();
  }

  #paused(): void {
    if (this.#ownPauses > 0) this.#ownPauses -= 1;
    // The element pauses itself at the very end; `ended` follows.
    else if (this.#released && !this.#element.ended) this.#host.pausedElsewhere();
  }
}
