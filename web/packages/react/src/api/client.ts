// Requests to the documented interface, and what went wrong with them as one sentence.

import { DEVICE_HEADER, deviceId } from '@quicksync/player';

import type {
  QuickSyncBounds,
  QuickSyncDevice,
  QuickSyncPreferences,
  QuickSyncStatus,
  QuickSyncTestResult,
} from '../types.ts';

const PREFIX = '/api/audio/quick-sync';

/** The server refused; `message` is its own sentence, where it gave one. */
export class QuickSyncError extends Error {
  /** HTTP status; zero if nobody answered. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'QuickSyncError';
    this.status = status;
  }

  /** Whether it goes away with a login, and until then not. */
  get isLogin(): boolean {
    return this.status === 401 || this.status === 403;
  }
}

export interface StatusAnswer {
  readonly status: QuickSyncStatus;
  readonly preferences: QuickSyncPreferences;
  readonly device?: QuickSyncDevice;
  readonly bounds?: QuickSyncBounds;
}

/** The documented answer is the preferences; ours carries what follows from them as well. */
export type PreferencesAnswer = QuickSyncPreferences & { readonly status?: QuickSyncStatus };

export interface Client {
  status(): Promise<StatusAnswer>;
  update(change: Partial<QuickSyncPreferences>): Promise<PreferencesAnswer>;
  test(): Promise<QuickSyncTestResult>;
}

export function createClient(baseUrl: string, token: string | undefined): Client {
  const base = baseUrl.replace(/\/+$/, '') + PREFIX;
  const headers = new Headers({ Accept: 'application/json', [DEVICE_HEADER]: deviceId() });
  if (token) headers.set('Authorization', `Bearer ${token}`);
  const ask = async <Answer>(path: string, body?: object): Promise<Answer> => {
    const sent = new Headers(headers);
    const init: RequestInit = { headers: sent, credentials: 'same-origin' };
    if (body) {
      sent.set('Content-Type', 'application/json');
      Object.assign(init, { method: 'POST', body: JSON.stringify(body) });
    }
    const response = await fetch(`${base}/${path}/`, init).catch(() => null);
    if (!response) throw new QuickSyncError(0, 'The server cannot be reached.');
    const answer: unknown = await response.json().catch(() => null);
    if (!response.ok) throw new QuickSyncError(response.status, sentence(response.status, answer));
    if (answer === null) throw new QuickSyncError(0, 'The server gave an answer we cannot read.');
    return answer as Answer;
  };
  return {
    status: () => ask('status'),
    update: (change) => ask('preferences', change),
    test: () => ask('test', {}),
  };
}

/** The sentence of an RFC 9457 problem document, or else one of ours. */
function sentence(status: number, answer: unknown): string {
  if (typeof answer === 'object' && answer !== null && 'detail' in answer) {
    if (typeof answer.detail === 'string') return answer.detail;
  }
  return status === 401 ? 'You are not logged in.' : `The server answered with ${status}.`;
}
