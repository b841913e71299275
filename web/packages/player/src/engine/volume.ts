// How loud it sounds: what the listener set, and what makes one track as loud as the next. Only ever
// softer than the music is: nothing can clip.

import { microsToMillis, secondsToMicros, type Seconds } from '../units.ts';
import type { Loudness } from '../net/manifest.ts';
import type { Clock, MediaElementPort } from '../platform.ts';
import type { Leveling } from '../preferences.ts';
import type { EngineState } from '../state.ts';

/** The loudness that every track is brought to, LUFS: the reference of ReplayGain 2.0. */
const REFERENCE_LUFS = -18;
/** Events of the element come four times a second: a join nearer than this needs a timer. */
const JOIN_WATCH_S = 0.6;

/** The factor for the samples, at most 1. */
export function gainOf(loudness: Loudness | null, leveling: Leveling): number {
  if (!loudness || leveling === 'off') return 1;
  const isAlbum = leveling === 'album' && loudness.albumLufs !== null;
  const lufs = isAlbum ? loudness.albumLufs : loudness.trackLufs;
  return Math.min(1, 10 ** ((REFERENCE_LUFS - (lufs ?? REFERENCE_LUFS)) / 20));
}

/** A track as far as its loudness goes; `position` is negative until it is heard. */
export interface Sounding {
  readonly manifest: { readonly loudness: Loudness | null };
  readonly position: Seconds;
}

/** What is shown of it. */
export type VolumeView = Pick<EngineState, 'volume' | 'muted' | 'leveling'>;

export class Volume {
  readonly #element: MediaElementPort;
  readonly #clock: Clock;
  readonly #show: (shown: VolumeView) => void;
  #asked: number;
  #leveling: Leveling = 'off';
  #loudness: Loudness | null = null;
  #cancelJoin: (() => void) | null = null;

  constructor(element: MediaElementPort, clock: Clock, show: (shown: VolumeView) => void) {
    this.#element = element;
    this.#clock = clock;
    this.#show = show;
    this.#asked = element.volume;
  }

  get shown(): VolumeView {
    return { volume: this.#asked, muted: this.#element.muted, leveling: this.#leveling };
  }

  /** 0 to 1. */
  set(volume: number): void {
    this.#asked = Math.min(Math.max(0, volume), 1);
    this.#apply();
    this.#show(this.shown);
  }

  mute(muted: boolean): void {
    this.#element.muted = muted;
    this.#show(this.shown);
  }

  level(leveling: Leveling): void {
    this.#leveling = leveling;
    this.#apply();
    this.#show(this.shown);
  }

  /** Suits the volume to what is heard now, and to what follows at the moment it does. */
  suit(current: Sounding | null, next: Sounding | null): void {
    this.#cancelJoin?.();
    this.#cancelJoin = null;
    if (current) this.#loudness = current.manifest.loudness;
    this.#apply();
    if (!next || next.position < -JOIN_WATCH_S) return;
    const delay = microsToMillis(secondsToMicros(next.position));
    this.#cancelJoin = this.#clock.after(Math.max(0, -delay) as typeof delay, () => {
      this.#loudness = next.manifest.loudness;
      this.#apply();
    });
  }

  #apply(): void {
    const volume = this.#asked * gainOf(this.#loudness, this.#leveling);
    if (this.#element.volume !== volume) this.#element.volume = volume;
  }
}
