// Audio elements, each with its source buffer: one, on which tracks are joined to the sample; and a
// second one as soon as tracks are to fade into each other.

import type { Sink } from '../media/sink.ts';
import type { Clock, MediaElementPort } from '../platform.ts';
import { millis, seconds, type Seconds } from '../units.ts';
import type { Sound } from './sound.ts';
import type { TrackRun } from './trackRun.ts';
import type { Volume } from './volume.ts';

/** Browsers take more, and nobody understands it. */
const RATES = { slowest: 0.25, fastest: 4 };

export interface Deck {
  readonly element: MediaElementPort;
  readonly sound: Sound;
  /** Null where the browser has no media source. */
  readonly sink: Sink | null;
  readonly volume: Volume;
}

/** Brings one element up and another down, sample by sample. */
export interface Fader {
  /** Within a gesture: some browsers make no sound before. */
  resume(): void;
  /** Silent from now on, until it is faded in. */
  silence(element: MediaElementPort): void;
  /** From now on, over `length`; the power of both together stays the same. */
  fade(out: MediaElementPort, into: MediaElementPort, length: Seconds): void;
  /** Ends a fade: this one is heard as it is. */
  settle(element: MediaElementPort): void;
  close(): void;
}

/** What crossfades are made with. */
export interface Fading {
  readonly element: MediaElementPort;
  readonly fader: Fader;
}

export interface DecksHost {
  readonly clock: Clock;
  open(element: MediaElementPort): Deck;
  /** Null where the browser cannot mix. */
  fading(first: MediaElementPort): Promise<Fading | null>;
}

export class Decks {
  active: Deck;
  readonly #host: DecksHost;
  #spare: Deck | null = null;
  #fader: Fader | null = null;
  #leaving: Deck | null = null;
  #cancel = (): void => undefined;

  constructor(element: MediaElementPort, host: DecksHost) {
    this.#host = host;
    this.active = host.open(element);
  }

  get all(): readonly Deck[] {
    return this.#spare ? [this.active, this.#spare] : [this.active];
  }

  /** Where a track may wait to be faded into. */
  get free(): Deck | null {
    return this.#spare;
  }

  /** A track is still fading out there. */
  get fading(): boolean {
    return this.#leaving !== null;
  }

  /** Makes crossfades possible; false where they are not. */
  async prepare(): Promise<boolean> {
    if (this.#spare) return true;
    const fading = await this.#host.fading(this.active.element);
    if (!fading) return false;
    const { element, fader } = fading;
    element.playbackRate = this.active.element.playbackRate;
    this.#fader = fader;
    this.#spare = this.#host.open(element);
    const { volume, muted, leveling } = this.active.volume.shown;
    this.#spare.volume.set(volume);
    this.#spare.volume.mute(muted);
    this.#spare.volume.level(leveling);
    return true;
  }

  each(work: (deck: Deck) => void): void {
    for (const deck of this.all) work(deck);
  }

  /** As near to `rate` as can be understood; what it is now. */
  pace(rate: number): number {
    const within = Math.min(Math.max(RATES.slowest, rate), RATES.fastest);
    this.each(({ element }) => (element.playbackRate = within));
    return within;
  }

  /** Silence, and no stall: the listener asked for it. */
  hush(): void {
    this.endFade();
    this.active.sound.hold();
    this.active.sound.forgetStall();
  }

  /** Suits each deck's loudness to what it plays. */
  suit(current: TrackRun | null, next: TrackRun | null): void {
    const apart = next !== null && next.deck !== this.active;
    this.active.volume.suit(current, apart ? null : next);
    if (apart) next.deck.volume.suit(next, null);
  }

  unlock(): void {
    this.#fader?.resume();
    for (const { sound } of this.all) sound.unlock();
  }

  /** The other deck is the one heard; this one fades for `length` once that one sounds. */
  swap(length: Seconds): void {
    const next = this.#spare;
    if (!next) return;
    this.endFade();
    const out = this.active;
    this.active = next;
    this.#spare = out;
    this.#leaving = out;
    if (length <= 0) return this.endFade();
    this.#fader?.silence(next.element);
    const begin = () => {
      if (this.#leaving !== out) return;
      this.#fader?.fade(out.element, next.element, length);
      this.#cancel = this.#host.clock.after(millis(length * 1e3), () => this.endFade());
    };
    next.element.addEventListener('playing', begin, { once: true });
  }

  /** What fades out is silent at once. */
  endFade(): void {
    this.#cancel();
    const out = this.#leaving;
    if (!out) return;
    this.#leaving = null;
    this.#fader?.settle(this.active.element);
    out.sound.hold();
    void out.sink?.clear(seconds(0));
  }

  destroy(): void {
    this.#cancel();
    for (const { sound, sink } of this.all) {
      sound.destroy();
      sink?.destroy();
    }
    this.#fader?.close();
  }
}
