// Decides when what is recorded is drawn again: at most ten times a second, once where the listener
// wants less motion, and never while the page is hidden or frozen.

/** Smooth enough for a moving line. */
const REFRESH_MS = 100;
/** Still news, no longer motion. */
const CALM_REFRESH_MS = 1_000;

export class Ticker {
  readonly #version: () => number;
  readonly #watchers = new Set<() => void>();
  #shown = 0;
  #frozen = false;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(version: () => number) {
    this.#version = version;
  }

  /** The version that is drawn. */
  readonly shown = (): number => this.#shown;

  readonly isFrozen = (): boolean => this.#frozen;

  readonly freeze = (frozen: boolean): void => {
    this.#frozen = frozen;
    this.#tell();
  };

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    if (this.#watchers.size === 1) this.#start();
    return () => {
      this.#watchers.delete(watcher);
      if (this.#watchers.size === 0) clearInterval(this.#timer);
    };
  };

  #start(): void {
    this.#shown = this.#version();
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#timer = setInterval(this.#tick, calm ? CALM_REFRESH_MS : REFRESH_MS);
  }

  readonly #tick = (): void => {
    if (this.#frozen || document.hidden || this.#shown === this.#version()) return;
    this.#shown = this.#version();
    this.#tell();
  };

  #tell(): void {
    for (const watcher of Array.from(this.#watchers)) watcher();
  }
}
