// Small things one owns, one a line, each with a button to end it.

import { useMutation, useQuery, useQueryClient, type QueryKey } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { ask } from '../../api/client.ts';
import type { List } from '../../api/wire.ts';
import { RowsSkeleton } from '../../library/Skeletons.tsx';
import { Button } from '../../ui/Button.tsx';
import { Failure } from '../../ui/Notice.tsx';

interface Named {
  readonly id: string;
  readonly name: string;
}

interface RowsProps<Item extends Named> {
  readonly query: {
    readonly queryKey: QueryKey;
    readonly queryFn?: unknown;
  };
  /** Where one of them is deleted: this, its id and a slash. */
  readonly path: string;
  readonly about: (item: Item) => ReactNode;
  readonly deed: string;
  readonly deedOf: (name: string) => string;
  readonly empty?: string;
  readonly canEnd?: (item: Item) => boolean;
  /** Asked first, where the deed cannot be undone. */
  readonly question?: (name: string) => string;
}

export function Rows<Item extends Named>(props: RowsProps<Item>) {
  const client = useQueryClient();
  const list = useQuery(props.query as { queryKey: QueryKey; queryFn: () => Promise<List<Item>> });
  const end = useMutation({
    mutationFn: (id: string) => ask(`${props.path}${id}/`, { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: props.query.queryKey }),
  });
  const askFirst = ({ id, name }: Item) => {
    if (!props.question || confirm(props.question(name))) end.mutate(id);
  };
  if (list.isPending) return <RowsSkeleton rows={2} />;
  if (list.isError) return <Failure error={list.error} retry={() => void list.refetch()} />;
  if (list.data.results.length === 0) return <p className="text-soft">{props.empty}</p>;
  return (
    <>
      {end.isError && <Failure error={end.error} />}
      <ul className="border-t border-line">
        {list.data.results.map((item) => (
          <li
            key={item.id}
            className="flex min-h-16 items-center justify-between gap-4 border-b border-line py-2"
          >
            <span className="grid min-w-0">
              <span className="truncate font-medium">{item.name}</span>
              <span className="text-sm text-soft">{props.about(item)}</span>
            </span>
            {(props.canEnd?.(item) ?? true) && (
              <Button
                look="danger"
                aria-label={props.deedOf(item.name)}
                disabled={end.isPending}
                onClick={() => askFirst(item)}
              >
                {props.deed}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
