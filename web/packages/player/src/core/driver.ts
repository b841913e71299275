// Feeds the session of the decision core: one input, then all of its outputs, then its timer.

import type { Clock } from '../platform.ts';
import { micros, microsToMillis, type Micros } from '../units.ts';
import type { CoreInput, CoreOutput, CoreSession } from './contract.ts';

export type CoreAction = Exclude<CoreOutput, { type: 'idle' }>;

/** Sees what the core is told and answers, in order; the answer that there is nothing to do not. */
export type Witness = (
  event: { readonly at: Micros } & (
    { readonly input: CoreInput } | { readonly output: CoreAction }
  ),
) => void;

export class CoreDriver {
  readonly session: CoreSession;
  readonly #clock: Clock;
  readonly #perform: (action: CoreAction) => void;
  readonly #witness: Witness;
  readonly #rested: () => void;
  readonly #waiting: CoreInput[] = [];
  #draining = false;
  #stopped = false;
  #cancelTimer: () => void = () => undefined;

  constructor(
    session: CoreSession,
    clock: Clock,
    perform: (action: CoreAction) => void,
    witness: Witness = () => undefined,
    rested: () => void = () => undefined,
  ) {
    this.session = session;
    this.#clock = clock;
    this.#perform = perform;
    this.#witness = witness;
    this.#rested = rested;
  }

  /** An input that comes up while outputs are carried out waits for its turn. */
  tell(input: CoreInput): void {
    if (this.#stopped) return;
    this.#waiting.push(input);
    if (this.#draining) return;
    this.#draining = true;
    try {
      for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
        const at = this.#clock.now();
        this.#witness({ at, input: next });
        this.session.handle(at, next);
        this.#drain();
      }
    } finally {
      this.#draining = false;
    }
    if (!this.#stopped) this.#rested();
  }

  stop(): void {
    this.#stopped = true;
    this.#waiting.length = 0;
    this.#cancelTimer();
  }

  #drain(): void {
    while (!this.#stopped) {
      const output = this.session.poll();
      if (output.type === 'idle') {
        this.#sleepUntil(output.wakeAt);
        return;
      }
      this.#witness({ at: this.#clock.now(), output });
      this.#perform(output);
    }
  }

  #sleepUntil(wakeAt: number | null): void {
    this.#cancelTimer();
    this.#cancelTimer = () => undefined;
    if (wakeAt === null) return;
    const delay = microsToMillis(micros(Math.max(0, wakeAt - this.#clock.now())));
    this.#cancelTimer = this.#clock.after(delay, () => this.tell({ type: 'timeout' }));
  }
}
