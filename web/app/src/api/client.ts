// One way to ask the server anything: JSON in, JSON or a Problem out.

import { DEVICE_HEADER, deviceId } from '@quicksync/player';

import { atServer } from '../base.ts';
import { asProblem, problemOf } from './problem.ts';
import { noteReach } from './reach.ts';

export interface Ask {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

export function addressOf(path: string, query: Ask['query'] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  return search.size > 0 ? `${atServer(path)}?${search}` : atServer(path);
}

const init = ({ method = 'GET', body, signal }: Ask): RequestInit => ({
  method,
  headers: {
    Accept: 'application/json',
    [DEVICE_HEADER]: deviceId(),
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
  },
  credentials: 'same-origin',
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  ...(signal ? { signal } : {}),
});

const isTimeout = (signal: AbortSignal): boolean =>
  (signal.reason as Error | undefined)?.name === 'TimeoutError';

/** The answer as it comes, of whatever type; a refusal is a Problem. */
export async function askFor(path: string, how: Ask = {}): Promise<Response> {
  const response = await fetch(addressOf(path, how.query), init(how)).catch((error: unknown) => {
    if (how.signal?.aborted && !isTimeout(how.signal)) throw error;
    noteReach(false);
    throw asProblem(error);
  });
  noteReach(true);
  if (!response.ok) throw await problemOf(response);
  return response;
}

export async function ask<Answer>(path: string, how: Ask = {}): Promise<Answer> {
  const response = await askFor(path, how);
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}
