// Crossfades by the Web Audio API: gains that follow the clock of the sound itself. Loaded only by
// who fades: without it no sample of the music passes through here.

import type { MediaElementPort } from '../platform.ts';
import type { Fader, Fading } from './decks.ts';

/** Points of a fade's curve; between them the browser draws straight lines. */
const POINTS = 129;
/** A gain that changes at once would click, seconds. */
const SETTLE_S = 0.02;

/** Equal power: the squares of both curves sum to one everywhere. */
const curve = (at: (turn: number) => number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: POINTS }, (_, point) =>
    Math.max(0, at(((point / (POINTS - 1)) * Math.PI) / 2)),
  );
const UP = curve(Math.sin);
const DOWN = curve(Math.cos);

/** Null where the browser cannot mix. */
export function openFading(first: MediaElementPort): Fading | null {
  if (typeof AudioContext === 'undefined') return null;
  const context = new AudioContext();
  const element = new Audio();
  const gains = new Map<MediaElementPort, GainNode>();
  for (const one of [first, element]) {
    const gain = context.createGain();
    context
      .createMediaElementSource(one as unknown as HTMLMediaElement)
      .connect(gain)
      .connect(context.destination);
    gains.set(one, gain);
  }
  const follow = (one: MediaElementPort, values: Float32Array<ArrayBuffer>, length: number) => {
    const gain = gains.get(one)?.gain;
    gain?.cancelScheduledValues(0);
    gain?.setValueCurveAtTime(values, context.currentTime, length);
  };
  const fader: Fader = {
    resume: () => void context.resume(),
    silence(one) {
      const gain = gains.get(one)?.gain;
      gain?.cancelScheduledValues(0);
      gain?.setValueAtTime(0, context.currentTime);
    },
    fade(out, into, length) {
      follow(out, DOWN, length);
      follow(into, UP, length);
    },
    settle(one) {
      const gain = gains.get(one)?.gain;
      if (!gain || gain.value === 1) return;
      const { value } = gain;
      follow(one, Float32Array.of(value, 1), SETTLE_S);
    },
    close: () => void context.close(),
  };
  return { element, fader };
}
