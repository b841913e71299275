// Answers of a server, by method and path. What it was asked can be looked up.

import { vi } from 'vitest';

type Answer = (asked: { url: URL; body: unknown }) => { status?: number; body?: unknown };

export interface FakeServer {
  readonly asked: { readonly line: string; readonly query: string; readonly body: unknown }[];
}

const STATUS = {
  status: {
    network: { speed_mbps: 3.5, status: 'good' },
    system: { cpu_percent: 25, memory_percent: 60, status: 'low_load' },
    quality: { level: 'high', bitrate: 256, description: 'High', auto_selected: true },
    buffer: { buffer_size: 15, preload: 'auto', max_buffer_size: 30, rebuffer_threshold: 4.5 },
  },
  preferences: {
    mode: 'auto',
    prefer_quality: true,
    adapt_to_system: true,
    auto_download_quality: false,
  },
  device: {
    preferences: {
      mode: 'auto',
      prefer_quality: true,
      adapt_to_system: true,
      auto_download_quality: false,
    },
    overridden: [],
    download_quality: null,
    offline_quality: null,
  },
};

/** `answers` by lines such as `POST /api/auth/login/`. Replaces the page's fetch. */
export function fakeServer(answers: Readonly<Record<string, Answer>>): FakeServer {
  const asked: FakeServer['asked'] = [];
  const known: Readonly<Record<string, Answer>> = {
    'GET /api/audio/quick-sync/status/': () => ({ body: STATUS }),
    ...answers,
  };
  vi.stubGlobal('fetch', async (input: string, init: RequestInit = {}) => {
    const url = new URL(input, 'http://music.test');
    const line = `${init.method ?? 'GET'} ${url.pathname}`;
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    asked.push({ line, query: url.search, body });
    const answer = known[line];
    if (!answer) return problem(404, 'no_such_route', 'There is nothing at this address.');
    const { status = 200, body: given } = answer({ url, body });
    return new Response(status === 204 ? null : JSON.stringify(given), {
      status,
      headers: { 'content-type': 'application/json' },
    });
  });
  return { asked };
}

export const problemBody = (status: number, code: string, detail: string, field?: string) => ({
  status,
  body: { title: 'Problem', status, code, detail, ...(field ? { field } : {}) },
});

function problem(status: number, code: string, detail: string): Response {
  return new Response(JSON.stringify(problemBody(status, code, detail).body), { status });
}
