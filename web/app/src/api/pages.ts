// Long lists, a page at a time: which page a row is on, and how a page is asked for.

import { queryOptions, type QueryClient } from '@tanstack/react-query';

import { ask } from './client.ts';
import type { List } from './wire.ts';

/** Rows in one answer: two screens of a large window, about 60 kB of tracks. */
export const PAGE_SIZE = 100;
/** A page stays at hand this long after it was last seen, so that going back shows it at once. */
const KEPT_MS = 30 * 60_000;

export type Filter = Readonly<Record<string, string | undefined>>;

/** A list of the server: where it is, and which part of it is meant. */
export interface Source<Item> {
  readonly path: string;
  readonly filter: Filter;
  /** Never there: it only carries the type. */
  readonly item?: Item;
}

export const source = <Item>(path: string, filter: Filter = {}): Source<Item> => ({ path, filter });

/** The page of row `index`, counted from 1 as the server does. */
export const pageOf = (index: number): number => Math.floor(index / PAGE_SIZE) + 1;

export const pageQuery = <Item>({ path, filter }: Source<Item>, page: number) =>
  queryOptions({
    queryKey: [path, filter, page],
    queryFn: ({ signal }) =>
      ask<List<Item>>(path, { query: { ...filter, page, page_size: PAGE_SIZE }, signal }),
    gcTime: KEPT_MS,
  });

/** Rows `from` to `to` (not included), as many as there are; fetched where they are not at hand. */
export async function stretchOf<Item>(
  client: QueryClient,
  list: Source<Item>,
  from: number,
  to: number,
): Promise<readonly Item[]> {
  const first = pageOf(Math.max(0, from));
  const pages = Array.from({ length: pageOf(to - 1) - first + 1 }, (_, step) => first + step);
  const lists = await Promise.all(
    pages.map((page) => client.ensureQueryData(pageQuery(list, page))),
  );
  const start = (first - 1) * PAGE_SIZE;
  return lists.flatMap((page) => page.results as Item[]).slice(from - start, to - start);
}
