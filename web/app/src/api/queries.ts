// What the app reads from the server, by name. Paths of reads live here and nowhere else.

import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import { ask } from './client.ts';
import { source } from './pages.ts';
import { Problem } from './problem.ts';
import type {
  Album,
  Artist,
  Device,
  LibraryProblem,
  LibraryStatus,
  List,
  LoginSession,
  Me,
  SearchResults,
  Token,
  Track,
  User,
} from './wire.ts';

/** No album is longer than one page of its tracks can be. */
const WHOLE = 500;

const one = <Answer>(path: string, query: Readonly<Record<string, string | number>> = {}) =>
  queryOptions({
    queryKey: [path, query],
    queryFn: ({ signal }) => ask<Answer>(path, { query, signal }),
  });

/** Who is logged in; null for nobody. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }): Promise<Me | null> => {
    try {
      return await ask<Me>('/api/auth/me/', { signal });
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: Infinity,
});

export const albumsOf = (filter: { sort?: string; artist?: string; q?: string }) =>
  source<Album>('/api/albums/', filter);
export const tracksOf = (filter: { sort?: string; artist?: string; q?: string }) =>
  source<Track>('/api/tracks/', filter);
export const artistsOf = (filter: { q?: string } = {}) => source<Artist>('/api/artists/', filter);

export const albumQuery = (id: string) => one<Album>(`/api/albums/${id}/`);
export const albumTracksQuery = (id: string) =>
  one<List<Track>>('/api/tracks/', { album: id, page_size: WHOLE });
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
export const devicesQuery = one<List<Device>>('/api/audio/quick-sync/devices/');
export const problemsQuery = one<List<LibraryProblem>>('/api/library/problems/');

/** Asked again every few seconds while the library is read. */
export const libraryQuery = queryOptions({
  ...one<LibraryStatus>('/api/library/status/'),
  refetchInterval: ({ state }) => (state.data && state.data.phase !== 'idle' ? 2000 : false),
});
