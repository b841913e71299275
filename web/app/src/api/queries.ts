// What the app reads from the server, by name. Paths of reads live here and nowhere else.

import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import { ask, type Ask } from './client.ts';
import { keptMe } from './keptMe.ts';
import { source } from './pages.ts';
import { Problem } from './problem.ts';
import type {
  Album,
  Artist,
  Device,
  Figures,
  Ledger,
  LibraryProblem,
  LibraryStatus,
  List,
  LoginSession,
  Me,
  Past,
  Rules,
  SearchResults,
  Series,
  Session,
  SessionDetail,
  StatusAnswer,
  Token,
  Track,
  User,
} from './wire.ts';

/** No album is longer than one page of its tracks can be. */
const WHOLE = 500;

/** What the documented interface and everything beside it lies below. */
export const QUICK_SYNC = '/api/audio/quick-sync/';

const one = <Answer>(path: string, query: NonNullable<Ask['query']> = {}) =>
  queryOptions({
    queryKey: [path, query],
    queryFn: ({ signal }) => ask<Answer>(path, { query, signal }),
  });

/** A server that is there has said who is logged in by then. */
const ME_WAIT_MS = 6000;
const ME_FRESH_MS = 5 * 60_000;

/**
 * Who is logged in; null for nobody. Where the server cannot be asked it is whoever was logged in
 * last, since the music kept on the device is theirs.
 */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }): Promise<Me | null> => {
    try {
      const patience = AbortSignal.any([signal, AbortSignal.timeout(ME_WAIT_MS)]);
      return await ask<Me>('/api/auth/me/', { signal: patience });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 401) return null;
      const kept = error.status === 0 ? keptMe() : null;
      if (kept) return kept;
      throw error;
    }
  },
  initialData: () => keptMe() ?? undefined,
  // Old: the server is asked at once all the same.
  initialDataUpdatedAt: 0,
  staleTime: ME_FRESH_MS,
  refetchOnWindowFocus: true,
});

export const albumsOf = (filter: { sort?: string; artist?: string; q?: string }) =>
  source<Album>('/api/albums/', filter);
export const tracksOf = (filter: { sort?: string; artist?: string; q?: string }) =>
  source<Track>('/api/tracks/', filter);
export const artistsOf = (filter: { q?: string } = {}) => source<Artist>('/api/artists/', filter);

export const albumQuery = (id: string) => one<Album>(`/api/albums/${id}/`);
export const albumTracksQuery = (id: string) =>
  one<List<Track>>('/api/tracks/', { album: id, page_size: WHOLE });
export const trackQuery = (id: string) => one<Track>(`/api/tracks/${id}/`);
export const artistQuery = (id: string) => one<Artist>(`/api/artists/${id}/`);
/** As many of an artist's tracks as one puts into a queue. */
export const artistTracksQuery = (id: string) =>
  one<List<Track>>('/api/tracks/', { artist: id, page_size: WHOLE });

export const searchQuery = (text: string) =>
  queryOptions({
    ...one<SearchResults>('/api/search/', { q: text }),
    enabled: text !== '',
    placeholderData: keepPreviousData,
  });

export const tokensQuery = one<List<Token>>('/api/auth/tokens/');
export const loginsQuery = one<List<LoginSession>>('/api/auth/sessions/');
export const usersQuery = one<List<User>>('/api/users/');
export const devicesQuery = one<List<Device>>(`${QUICK_SYNC}devices/`);
export const problemsQuery = one<List<LibraryProblem>>('/api/library/problems/');

const SCAN_MS = 2_000;
const REST_MS = 60_000;
/** Asked again every few seconds while the library is read, seldom while it rests, and at every look. */
export const libraryQuery = queryOptions({
  ...one<LibraryStatus>('/api/library/status/'),
  refetchInterval: ({ state }) => (state.data && state.data.phase !== 'idle' ? SCAN_MS : REST_MS),
  refetchOnWindowFocus: 'always',
});

const LIVE_MS = 5_000;
/** Asked again every few seconds while it is looked at: the host's load moves. */
export const statusQuery = queryOptions({
  ...one<StatusAnswer>(`${QUICK_SYNC}status/`),
  refetchInterval: LIVE_MS,
});
export const rulesQuery = one<Rules>(`${QUICK_SYNC}rules/`);
/** Of this device, with the ledger of all of them. */
export const ledgerQuery = one<Ledger>(`${QUICK_SYNC}budget/`, { all_devices: 'true', days: 62 });
export const pastQuery = one<Past>(`${QUICK_SYNC}history/`, { limit: WHOLE });

/** What the figures are of. */
export interface Span {
  readonly days: number;
  /** Every user's, for administrators. */
  readonly everyone: boolean;
}

/** As the server wants it: who may not see everyone may not even ask. */
export const spanQuery = ({ days, everyone }: Span) => ({
  days,
  ...(everyone ? { everyone: 'true' } : {}),
});

export const figuresQuery = (span: Span) =>
  queryOptions({
    ...one<Figures>(`${QUICK_SYNC}analytics/summary/`, spanQuery(span)),
    placeholderData: keepPreviousData,
  });
export const seriesQuery = (span: Span, by: string) =>
  queryOptions({
    ...one<Series>(`${QUICK_SYNC}analytics/series/`, { ...spanQuery(span), by }),
    placeholderData: keepPreviousData,
  });
export const sessionsQuery = one<{ readonly results: readonly Session[] }>(
  `${QUICK_SYNC}sessions/`,
  { limit: WHOLE },
);
export const sessionQuery = (id: string) => one<SessionDetail>(`${QUICK_SYNC}sessions/${id}/`);
