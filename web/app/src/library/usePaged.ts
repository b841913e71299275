// A long list of the server of which only the pages around the rows in view are fetched.

import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';

import { PAGE_SIZE, pageOf, pageQuery, type Source } from '../api/pages.ts';
import { useCalmed } from './useCalmed.ts';

/** Rows of a list, the last one included. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

export interface Paged<Item> {
  readonly source: Source<Item>;
  /** How many there are on the server; undefined until it has answered once. */
  readonly count: number | undefined;
  /** The row, or undefined while its page is not there. */
  readonly at: (index: number) => Item | undefined;
  /** Says which rows are in view. */
  readonly show: (span: Span) => void;
  /** Why nothing can be shown; null as soon as one page is there. */
  readonly error: Error | null;
  readonly retry: () => void;
}

/** Dragging through a long list passes pages by; only those where the hand rests are asked for. */
const REST_MS = 90;
const TOP: Span = { first: 0, last: 0 };

export function usePaged<Item>(source: Source<Item>): Paged<Item> {
  const client = useQueryClient();
  const [seen, setSeen] = useState(TOP);
  const wanted = useCalmed(seen, REST_MS);
  const pages = useQueries({
    queries: pagesOf(wanted).map((page) => pageQuery(source, page)),
  });
  const answered = pages.find(({ data }) => data);
  const cached = useCallback(
    (page: number) => client.getQueryData(pageQuery(source, page).queryKey),
    [client, source],
  );
  const count = answered?.data?.count ?? cached(1)?.count;
  const at = (index: number): Item | undefined =>
    cached(pageOf(index))?.results[index % PAGE_SIZE] as Item | undefined;
  const failed = pages.find(({ isError }) => isError);
  const show = useCallback(
    (span: Span) => setSeen((old) => (isSame(pagesOf(old), pagesOf(span)) ? old : span)),
    [],
  );
  return {
    source,
    count,
    at,
    show,
    error: count === undefined ? (failed?.error ?? null) : null,
    retry: () => pages.forEach((page) => page.isError && void page.refetch()),
  };
}

function pagesOf({ first, last }: Span): readonly number[] {
  const from = pageOf(first);
  return Array.from({ length: pageOf(Math.max(first, last)) - from + 1 }, (_, step) => from + step);
}

const isSame = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a[0] === b[0];
