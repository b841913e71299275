// Requests to the server's interface: where it is, who asks, from which device.

import type { Bytes } from '../units.ts';

export interface ApiOptions {
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly credentials: RequestCredentials;
  readonly deviceId: string;
  readonly getToken: (() => string | null | Promise<string | null>) | undefined;
}

export interface Api {
  request(path: string, init?: RequestInit): Promise<Response>;
  /** A URL of the server's answers, made absolute. */
  resolve(url: string): string;
}

/** The header that tells the listener's devices apart. */
export const DEVICE_HEADER = 'X-Quick-Sync-Device';

export function createApi(options: ApiOptions): Api {
  const base = options.baseUrl.replace(/\/+$/, '');
  return {
    async request(path, init = {}) {
      const headers = new Headers(init.headers);
      headers.set(DEVICE_HEADER, options.deviceId);
      headers.set('Accept', 'application/json');
      const token = await options.getToken?.();
      if (token) headers.set('Authorization', `Bearer ${token}`);
      return options.fetch(base + path, { ...init, headers, credentials: options.credentials });
    },
    resolve: (url) => (/^[a-z]+:/i.test(url) ? url : new URL(url, originOf(base)).href),
  };
}

const originOf = (base: string): string =>
  base || (typeof location === 'undefined' ? 'http://localhost' : location.href);

/** What a segment URL template stands for; `warm-up` is the packet before the first segment. */
export const segmentUrl = (template: string, segment: number | 'warm-up'): string =>
  template.replace('{n}', String(segment)).replace('%7Bn%7D', String(segment));

export const isBytes = (value: unknown): value is Bytes =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
