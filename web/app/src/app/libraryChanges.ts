// Music that the server found while the page was open: lists are read again when it has more.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';

import { libraryQuery } from '../api/queries.ts';
import type { LibraryStatus } from '../api/wire.ts';

const LISTS = ['/api/albums/', '/api/artists/', '/api/tracks/', '/api/search/'];

const isList = (path: unknown): boolean =>
  typeof path === 'string' && LISTS.some((list) => path.startsWith(list));

/** Changes with what can be listed. */
const signOf = (status: LibraryStatus): string =>
  [status.track_count, status.album_count, status.artist_count, status.unanalysed_count].join(' ');

/** Reads the lists anew whenever the library says that it has changed. */
export function useLibraryChanges(): void {
  const client = useQueryClient();
  const { data } = useQuery(libraryQuery);
  const seen = useRef<string | null>(null);
  const sign = data ? signOf(data) : null;
  useEffect(() => {
    const isNews = seen.current !== null && sign !== seen.current;
    if (sign !== null) seen.current = sign;
    if (isNews) {
      void client.invalidateQueries({ predicate: ({ queryKey }) => isList(queryKey[0]) });
    }
  }, [sign, client]);
}
