import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';

import { keepMe } from '../api/keptMe.ts';
import { Problem } from '../api/problem.ts';
import { meQuery } from '../api/queries.ts';
import type { Me } from '../api/wire.ts';

const RETRIES = 2;

/** Worth asking again: no answer, or one that may be better in a moment. */
const isPassing = (error: unknown): boolean =>
  !(error instanceof Problem) || error.status === 0 || error.status >= 500;

/** Reads and their answers. An answer of 401 to anything ends the login here too. */
export function createQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    if (error instanceof Problem && error.code === 'unauthenticated') {
      client.setQueryData(meQuery.queryKey, null);
    }
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 60_000,
        retry: (failures, error) => isPassing(error) && failures < RETRIES,
      },
    },
  });
  client.getQueryCache().subscribe(({ type, query }) => {
    if (type !== 'updated' || query.queryKey[0] !== meQuery.queryKey[0]) return;
    if (query.state.status === 'success') keepMe((query.state.data ?? null) as Me | null);
  });
  return client;
}
