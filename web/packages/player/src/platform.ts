// What the engine needs of its surroundings, so that a test can be all of it.

import { micros, millis, type Micros, type Millis, type Seconds } from './units.ts';

export interface Clock {
  /** Monotonic. */
  now(): Micros;
  /** Unix time. */
  wall(): Seconds;
  /** Calls `wake` once after `delay`; the answer cancels it. */
  after(delay: Millis, wake: () => void): () => void;
}

export const browserClock: Clock = {
  now: () => micros(Math.round(performance.now() * 1e3)),
  wall: () => (Date.now() / 1e3) as Seconds,
  after: (delay, wake) => {
    const timer = setTimeout(wake, Math.max(0, delay));
    return () => clearTimeout(timer);
  },
};

/** A promise of `delay` that ends early, without failing, when `signal` aborts. */
export const sleep = (clock: Clock, delay: Millis, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const cancel = clock.after(delay, resolve);
    signal.addEventListener('abort', () => (cancel(), resolve()), { once: true });
    if (signal.aborted) resolve();
  });

export const ZERO_DELAY = millis(0);

/** The part of an audio element that the engine touches. */
export type MediaElementPort = Pick<
  HTMLMediaElement,
  | 'addEventListener'
  | 'removeEventListener'
  | 'currentTime'
  | 'disableRemotePlayback'
  | 'ended'
  | 'error'
  | 'load'
  | 'muted'
  | 'pause'
  | 'paused'
  | 'play'
  | 'playbackRate'
  | 'removeAttribute'
  | 'src'
  | 'volume'
>;

/** Where a media source comes from; `null` if the browser has none that plays `mimeType`. */
export interface MediaSourceFactory {
  isTypeSupported(mimeType: string): boolean;
  create(): MediaSource;
  /** Points the element at the source; the answer lets go of it. */
  attach(element: MediaElementPort, source: MediaSource): () => void;
}
