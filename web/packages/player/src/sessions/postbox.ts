// Sends playback sessions to the server, a few events at a time; keeps what cannot be sent now, within
// bounds, also over the end of the page.

import type { Api } from '../net/api.ts';
import type { NetworkKind } from '../preferences.ts';
import type { SessionEvent } from './recorder.ts';

const PATH = '/api/audio/quick-sync/sessions/';
/** The server takes no more in one request. */
const MOST_EVENTS = 200;
/** Of one session, waiting; a day without a network has some hundreds. */
const MOST_WAITING = 2_000;
const MOST_SESSIONS = 30;
/** The server keeps no more of one session. */
const MOST_LOG = 200_000;
/** Browsers send so much after the page is gone, and no more. */
const MOST_LEAVING = 48_000;
const KEY = 'quicksync.sessions';

interface Waiting {
  readonly id: string;
  readonly trackId: string;
  readonly kind: NetworkKind;
  begun: boolean;
  /** Number of the first waiting event in its session. */
  first: number;
  events: SessionEvent[];
  logAt: number;
  log: string;
}

export interface PostboxParts {
  readonly api: Api;
  readonly player: string;
  readonly newId: () => string;
  readonly storage: Pick<Storage, 'getItem' | 'setItem'> | null;
}

export class Postbox {
  readonly #parts: PostboxParts;
  #waiting: Waiting[];
  #current: Waiting | null = null;
  #sending = false;

  constructor(parts: PostboxParts) {
    this.#parts = parts;
    this.#waiting = kept(parts.storage);
  }

  begin(trackId: string, kind: NetworkKind): void {
    const id = this.#parts.newId();
    this.#current = { id, trackId, kind, begun: false, first: 0, events: [], logAt: 0, log: '' };
    this.#waiting = [...this.#waiting, this.#current].slice(-MOST_SESSIONS);
  }

  add(event: SessionEvent): void {
    const { events } = this.#current ?? {};
    // The end is worth more than one more of what there are thousands of.
    if (events && (events.length < MOST_WAITING || event.type === 'end')) events.push(event);
  }

  /** More of the decision log. */
  write(text: string): void {
    const current = this.#current;
    if (!current) return;
    current.log += text.slice(0, Math.max(0, MOST_LOG - current.logAt - current.log.length));
  }

  end(): void {
    this.#current = null;
  }

  /** Sends what waits, in order; what fails is tried with the next call. */
  async send(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    try {
      for (const session of [...this.#waiting]) {
        while (this.#hasMore(session)) if (!(await this.#sendSome(session))) return;
        if (session !== this.#current) this.#forget(session);
      }
    } finally {
      this.#sending = false;
    }
  }

  /** The page may be gone before anything is answered. */
  leave(): void {
    for (const session of this.#waiting) {
      if (!session.begun || !this.#hasMore(session)) continue;
      void this.#post(session, bodyOf(session, MOST_LEAVING), true).catch(() => undefined);
    }
    // What may not arrive is sent again: the server knows by the numbers what it has.
    const rest = this.#waiting.filter((session) => this.#hasMore(session) || !session.begun);
    try {
      const text = JSON.stringify(rest.map((session) => ({ ...session, log: '' })));
      this.#parts.storage?.setItem(KEY, rest.length > 0 ? text : '[]');
    } catch {
      // No room: what is not sent is lost.
    }
  }

  #hasMore({ begun, events, log }: Waiting): boolean {
    return !begun || events.length > 0 || log !== '';
  }

  #forget(session: Waiting): void {
    this.#waiting = this.#waiting.filter((one) => one !== session);
  }

  /** False if it is no use to go on now. */
  async #sendSome(session: Waiting): Promise<boolean> {
    const body = session.begun ? bodyOf(session, MOST_LOG) : null;
    const response = await this.#post(session, body, false).catch(() => null);
    void response?.body?.cancel().catch(() => undefined);
    const status = response?.status ?? 0;
    if (status === 0 || status === 401 || status === 429 || status >= 500) return false;
    if (!response?.ok) {
      // It will never be taken: nobody is helped by sending it for ever.
      this.#forget(session);
      if (session === this.#current) this.#current = null;
      session.begun = true;
      session.events = [];
      session.log = '';
      return true;
    }
    if (!body) session.begun = true;
    else taken(session, body);
    return true;
  }

  #post(session: Waiting, report: Report | null, keepalive: boolean): Promise<Response> {
    const { id, trackId, kind } = session;
    const start = { id, track_id: trackId, player: this.#parts.player, network_kind: kind };
    return this.#parts.api.request(report ? `${PATH}${id}/events/` : PATH, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(report ?? start),
      keepalive,
    });
  }
}

interface Report {
  readonly first_event: number;
  readonly events: readonly SessionEvent[];
  readonly decision_log?: string;
  readonly decision_log_at?: number;
}

function bodyOf({ first, events, log, logAt }: Waiting, mostLog: number): Report {
  const report = { first_event: first, events: events.slice(0, MOST_EVENTS) };
  const part = log.slice(0, mostLog);
  return part ? { ...report, decision_log: part, decision_log_at: logAt } : report;
}

function taken(session: Waiting, { events, decision_log: log = '' }: Report): void {
  session.first += events.length;
  session.events = session.events.slice(events.length);
  session.logAt += log.length;
  session.log = session.log.slice(log.length);
}

function kept(storage: PostboxParts['storage']): Waiting[] {
  try {
    const found: unknown = JSON.parse(storage?.getItem(KEY) ?? '[]');
    storage?.setItem(KEY, '[]');
    return Array.isArray(found) ? (found as Waiting[]).slice(-MOST_SESSIONS) : [];
  } catch {
    return [];
  }
}
