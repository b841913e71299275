// When to try again after the network failed: longer and longer, and at once when it is back.

import { type Clock } from '../platform.ts';
import { micros, millis, type Micros, type Millis } from '../units.ts';

/** After the first failure; it doubles with each further one. */
const FIRST_DELAY: Millis = millis(500);
/** Long enough not to hammer a server that restarts, short enough to be back within a phrase. */
const LONGEST_DELAY: Millis = millis(8_000);

export interface Connection {
  /** Resolves when a request may go out after what failed before, or when `signal` aborts. */
  ready(signal: AbortSignal): Promise<void>;
  /** Resolves when the browser wants media, or when `signal` aborts. */
  wanted(signal: AbortSignal): Promise<void>;
  failed(): void;
  succeeded(): void;
  /** Lets what waits go out now. */
  wake(): void;
  /** While false nothing goes out: the browser has media enough. */
  allow(streaming: boolean): void;
  /** Failures since the last success. */
  readonly failures: number;
}

export function createConnection(clock: Clock, changed: () => void): Connection {
  let failures = 0;
  let openAt: Micros = micros(0);
  let streaming = true;
  const waiters = new Set<() => void>();
  const release = () => {
    for (const waiter of waiters) waiter();
  };
  const count = (next: number) => {
    if (failures === next) return;
    failures = next;
    changed();
  };
  const nextChange = (signal: AbortSignal, within: Millis | null) =>
    new Promise<void>((resolve) => {
      const done = () => {
        cancel();
        waiters.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = within === null ? () => undefined : clock.after(within, done);
      waiters.add(done);
      signal.addEventListener('abort', done);
    });
  return {
    get failures() {
      return failures;
    },
    async ready(signal) {
      while (clock.now() < openAt && !signal.aborted) {
        await nextChange(signal, millis((openAt - clock.now()) / 1e3));
      }
    },
    async wanted(signal) {
      while (!streaming && !signal.aborted) await nextChange(signal, null);
    },
    failed() {
      const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** failures);
      openAt = micros(clock.now() + delay * 1e3);
      count(failures + 1);
    },
    succeeded: () => count(0),
    wake() {
      openAt = micros(0);
      release();
    },
    allow(next) {
      streaming = next;
      release();
    },
  };
}
