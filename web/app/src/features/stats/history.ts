// What happened in this playback so far, from what the core was told and answered. Bounded: the
// oldest goes first. Draws nothing.

import type { CoreAction, CoreEstimate, Quality, Witness } from '@quicksync/player';

type Event = Parameters<Witness>[0];
type Input = Extract<Event, { input: unknown }>['input'];

/** `thrown`: it arrived, and a better copy took its place. */
export type Outcome = 'loading' | 'kept' | 'thrown' | 'abandoned' | 'failed';

/** One request of a segment. Times in seconds since the recording began. */
export interface Transfer {
  readonly track: number;
  readonly index: number;
  readonly quality: Quality;
  readonly purpose: 'fetch' | 'replace' | 'prefetch';
  readonly asked: number;
  firstByte: number | null;
  ended: number | null;
  bytes: number;
  cached: boolean;
  outcome: Outcome;
  /** The sound had to wait for it. */
  late: boolean;
}

export interface Decision {
  readonly at: number;
  readonly word: CoreAction['type'];
  readonly code: string;
  readonly reason: string;
  /** Of the segment in question; none for `play`. */
  readonly segment: { readonly track: number; readonly index: number } | null;
  readonly quality: Quality | null;
}

/** Media ahead of the sound. */
export interface Level {
  readonly at: number;
  readonly ahead: number;
}

/** What the core expected of the network, kbps. */
export interface Expectation {
  readonly at: number;
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

/** Silence that nobody asked for; `to` is null while it lasts. */
export interface Stall {
  readonly from: number;
  to: number | null;
}

/** An hour of low, and longer of anything better. */
const MOST_TRANSFERS = 1_000;
const MOST_DECISIONS = 1_000;
/** Four a second for a quarter of an hour. */
const MOST_LEVELS = 3_600;
const LEAST_BETWEEN_LEVELS_S = 0.25;

/** Bytes that were fetched and will not be heard. */
export const isWaste = ({ outcome }: Transfer): boolean =>
  outcome === 'abandoned' || outcome === 'thrown' || outcome === 'failed';

export class History {
  readonly transfers: Transfer[] = [];
  readonly decisions: Decision[] = [];
  readonly levels: Level[] = [];
  readonly estimates: Expectation[] = [];
  readonly stalls: Stall[] = [];
  /** Rises with every change. */
  version = 0;
  #began: number | null = null;
  #now = 0;
  /** A stall began while nothing was under way: the next request is what it waits for. */
  #awaited = false;

  /** The latest time that anything was seen. */
  get now(): number {
    return this.#now;
  }

  readonly see: Witness = (event) => {
    this.#began ??= event.at;
    this.#now = (event.at - this.#began) / 1e6;
    this.version += 1;
    if ('output' in event) this.#decided(event.output);
    else this.#told(event.input);
  };

  /** The buffer, as the player shows it; `at` counts like the times of events. */
  level(ahead: number, at = this.#now): void {
    const last = this.levels.at(-1);
    if (last && at - last.at < LEAST_BETWEEN_LEVELS_S) return;
    push(this.levels, { at, ahead }, MOST_LEVELS);
    this.version += 1;
  }

  /** What the core expects; told again and again, kept when it changes. */
  expect(estimate: CoreEstimate | null): void {
    const last = this.estimates.at(-1);
    if (!estimate || (last && this.#now - last.at < LEAST_BETWEEN_LEVELS_S)) return;
    const { lowKbps: low, expectedKbps: expected, highKbps: high } = estimate;
    if (last && last.low === low && last.expected === expected && last.high === high) return;
    push(this.estimates, { at: this.#now, low, expected, high }, MOST_LEVELS);
  }

  #decided(output: CoreAction): void {
    const { type: word, code, reason } = output;
    const of = 'segment' in output ? output : null;
    const decision = {
      at: this.#now,
      word,
      code,
      reason,
      segment: of?.segment ?? null,
      quality: of?.quality ?? null,
    };
    push(this.decisions, decision, MOST_DECISIONS);
    if (!of) return this.#endStall();
    if (of.type === 'abandon') return this.#end(of.segment, 'abandoned');
    const transfer: Transfer = {
      ...of.segment,
      quality: of.quality,
      purpose: of.type,
      asked: this.#now,
      firstByte: null,
      ended: null,
      bytes: 0,
      cached: false,
      outcome: 'loading',
      late: this.#awaited && of.type === 'fetch',
    };
    if (transfer.late) this.#awaited = false;
    push(this.transfers, transfer, MOST_TRANSFERS);
  }

  #told(input: Input): void {
    if (input.type === 'bytes_received') {
      const transfer = this.#underWay(input.segment);
      if (!transfer) return;
      transfer.firstByte ??= this.#now;
      transfer.bytes = input.bytes;
    } else if (input.type === 'segment_completed') {
      const transfer = this.#underWay(input.segment);
      if (transfer) Object.assign(transfer, { bytes: input.bytes, cached: input.cached });
      this.#throwAway(input.segment);
      this.#end(input.segment, 'kept');
    } else if (input.type === 'segment_failed') this.#end(input.segment, 'failed');
    else if (input.type === 'stall_started') {
      push(this.stalls, { from: this.#now, to: null }, MOST_DECISIONS);
      this.#waitFor();
    } else if (input.type === 'stall_ended' || input.type === 'seeked') this.#endStall();
  }

  #underWay(segment: { track: number; index: number }): Transfer | undefined {
    return this.transfers.findLast((one) => one.outcome === 'loading' && isOf(one, segment));
  }

  #end(segment: { track: number; index: number }, outcome: Outcome): void {
    const transfer = this.#underWay(segment);
    if (transfer) Object.assign(transfer, { outcome, ended: this.#now });
  }

  #throwAway(segment: { track: number; index: number }): void {
    const before = this.transfers.findLast((one) => one.outcome === 'kept' && isOf(one, segment));
    if (before) before.outcome = 'thrown';
  }

  /** The sound waits for the first of what is under way. */
  #waitFor(): void {
    const [first] = this.transfers
      .filter(({ outcome }) => outcome === 'loading')
      .toSorted((a, b) => a.track - b.track || a.index - b.index);
    if (first) first.late = true;
    else this.#awaited = true;
  }

  #endStall(): void {
    this.#awaited = false;
    const stall = this.stalls.at(-1);
    if (stall) stall.to ??= this.#now;
  }
}

const isOf = (transfer: Transfer, segment: { track: number; index: number }): boolean =>
  transfer.track === segment.track && transfer.index === segment.index;

function push<Item>(list: Item[], item: Item, most: number): void {
  list.push(item);
  if (list.length > most) list.shift();
}
