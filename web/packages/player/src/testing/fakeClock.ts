// Time that passes only when a test says so.

import type { Clock } from '../platform.ts';
import { micros, seconds, type Micros, type Millis, type Seconds } from '../units.ts';

interface Timer {
  readonly at: number;
  readonly wake: () => void;
}

/** Lets every promise that can settle without time passing settle. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
}

export class FakeClock implements Clock {
  #ms = 1_000;
  readonly #timers = new Set<Timer>();

  now(): Micros {
    return micros(Math.round(this.#ms * 1e3));
  }

  wall(): Seconds {
    return seconds(1_700_000_000 + this.#ms / 1e3);
  }

  after(delay: Millis, wake: () => void): () => void {
    const timer = { at: this.#ms + Math.max(0, delay), wake };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  async advance(ms: number): Promise<void> {
    const until = this.#ms + ms;
    await settle();
    for (;;) {
      const due = [...this.#timers].filter((timer) => timer.at <= until);
      if (due.length === 0) break;
      const first = due.reduce((a, b) => (b.at < a.at ? b : a));
      this.#timers.delete(first);
      this.#ms = Math.max(this.#ms, first.at);
      first.wake();
      await settle();
    }
    this.#ms = until;
    await settle();
  }
}
