// What a page says of its server, and the requests that follow from it.

import type { HintScope } from '../engine/hints.ts';
import type { Clock } from '../platform.ts';
import { createApi, type Api } from './api.ts';
import { browserStorage, deviceId } from './device.ts';

export interface ServerOptions {
  /** Where the server is, without a trailing slash; default the page's own origin. */
  readonly baseUrl?: string;
  /** An API token; without one, requests carry the login cookie. */
  readonly getToken?: () => string | null | Promise<string | null>;
  /** Default `same-origin`. */
  readonly credentials?: RequestCredentials;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
  /** Where `online`, `pagehide` and hints of network and device come from; default the window. */
  readonly scope?: HintScope;
  /** Default `localStorage`; keeps the device id, and reports that could not be sent. */
  readonly storage?: Pick<Storage, 'getItem' | 'setItem'> | null;
}

export const fetchOf = ({ fetch: given }: Pick<ServerOptions, 'fetch'>): typeof fetch =>
  given ?? ((input, init) => fetch(input, init));

export const apiOf = (options: ServerOptions): Api =>
  createApi({
    baseUrl: options.baseUrl ?? '',
    fetch: fetchOf(options),
    credentials: options.credentials ?? 'same-origin',
    deviceId: deviceId(options.storage === undefined ? browserStorage() : options.storage),
    getToken: options.getToken,
  });
