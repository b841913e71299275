// Common Media Client Data, version 2 (CTA-5004-B), on requests for segments: what a server or a CDN
// can know of playback. Off unless a page asks for it.

import type { Status } from '../state.ts';
import type { Kbps, Seconds } from '../units.ts';

/**
 * `query` needs no preflight, but makes every request of a segment another one for caches;
 * `headers` leaves URLs alone, and costs a preflight for each of another origin.
 */
export type CmcdMode = 'query' | 'headers';

export interface CmcdFacts {
  readonly trackId: string;
  readonly bitrateKbps: Kbps;
  readonly topKbps: Kbps;
  readonly segment: Seconds;
  readonly ahead: Seconds;
  readonly status: Status;
  readonly wantsToPlay: boolean;
  readonly throughput: Kbps | null;
  readonly rate: number;
  readonly stalls: number;
}

export interface Marked {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

type Value = string | number | true | readonly number[];

/** Which header carries a key; the others are of the session. */
const HEADERS: readonly (readonly [header: string, keys: string])[] = [
  ['CMCD-Object', 'br d ot tb'],
  ['CMCD-Request', 'bl dl mtp sta su'],
  ['CMCD-Status', 'bs pr'],
  ['CMCD-Session', 'cid sf sid st v'],
];
/** Words that the standard has no quotes around. */
const TOKENS = 'ot sf st sta';
const STATES: Readonly<Partial<Record<Status, string>>> = {
  loading: 's',
  ready: 's',
  playing: 'p',
  stalled: 'r',
  paused: 'a',
  ended: 'e',
};

export class Cmcd {
  readonly #mode: CmcdMode;
  readonly #session: string;
  #stalls = 0;

  /** `session`: at most 64 characters. */
  constructor(mode: CmcdMode, session: string) {
    this.#mode = mode;
    this.#session = session;
  }

  mark(url: string, facts: CmcdFacts): Marked {
    const pairs = Object.entries(this.#pairs(facts)).filter(([, value]) => value !== undefined);
    const words = new Map(pairs.map(([key, value]) => [key, word(key, value as Value)]));
    if (this.#mode === 'query') {
      const text = encodeURIComponent([...words.values()].join(','));
      return { url: `${url}${url.includes('?') ? '&' : '?'}CMCD=${text}`, headers: {} };
    }
    const grouped = HEADERS.map(([header, keys]) => {
      const mine = keys.split(' ').flatMap((key) => words.get(key) ?? []);
      return [header, mine.join(',')] as const;
    });
    return { url, headers: Object.fromEntries(grouped.filter(([, text]) => text)) };
  }

  /** Keys in the order of the alphabet, as the standard has them. */
  #pairs(facts: CmcdFacts): Readonly<Record<string, Value | undefined>> {
    const starved = facts.stalls > this.#stalls;
    this.#stalls = facts.stalls;
    const { ahead, rate, throughput, status } = facts;
    const urgent = facts.wantsToPlay && status !== 'playing';
    return {
      bl: [hundreds(ahead * 1e3)],
      br: [Math.round(facts.bitrateKbps)],
      bs: starved || undefined,
      cid: facts.trackId,
      d: Math.round(facts.segment * 1e3),
      dl: hundreds((ahead * 1e3) / rate),
      mtp: throughput === null ? undefined : [hundreds(throughput)],
      ot: 'a',
      pr: rate === 1 ? undefined : rate,
      sf: 'o',
      sid: this.#session,
      st: 'v',
      sta: STATES[status],
      su: urgent || undefined,
      tb: [Math.round(facts.topKbps)],
      v: 2,
    };
  }
}

const hundreds = (value: number): number => Math.round(value / 100) * 100;

function word(key: string, value: Value): string {
  if (value === true) return key;
  if (typeof value === 'number') return `${key}=${value}`;
  if (typeof value !== 'string') return `${key}=(${value.join(' ')})`;
  return TOKENS.split(' ').includes(key) ? `${key}=${value}` : `${key}=${JSON.stringify(value)}`;
}
