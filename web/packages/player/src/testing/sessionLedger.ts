// What a server keeps of the playback sessions that were posted to it.

import type { SessionEvent } from '../sessions/recorder.ts';
import type { Asked } from './fakeServer.ts';

export interface KeptSession {
  readonly start: { readonly id: string; readonly track_id: string; readonly player: string };
  events: SessionEvent[];
  log: string;
}

interface Report {
  readonly first_event: number;
  readonly events: readonly SessionEvent[];
  readonly decision_log?: string;
  readonly decision_log_at?: number;
}

const PATH = '/api/audio/quick-sync/sessions/';

/** By what was asked, in order; what is sent twice counts once. */
export function sessionsOf(asked: readonly Asked[]): KeptSession[] {
  const sessions = new Map<string, KeptSession>();
  for (const { path, body } of asked) {
    if (!path.startsWith(PATH) || body === null) continue;
    if (path === PATH) {
      const start = JSON.parse(body) as KeptSession['start'];
      if (!sessions.has(start.id)) sessions.set(start.id, { start, events: [], log: '' });
    } else add(sessions.get(path.split('/').at(-3) ?? ''), JSON.parse(body) as Report);
  }
  return [...sessions.values()];
}

function add(session: KeptSession | undefined, report: Report): void {
  if (!session) throw new Error('events of a session that was never begun');
  const { first_event: first, events, decision_log: log = '', decision_log_at: at = 0 } = report;
  if (first > session.events.length || at > session.log.length) throw new Error('a gap');
  session.events = [...session.events.slice(0, first), ...events];
  if (log) session.log = session.log.slice(0, at) + log;
}
