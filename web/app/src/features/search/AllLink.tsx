import { Link } from '@tanstack/react-router';

import { words } from '../../strings/words.ts';

/** What can be seen whole on a page of its own. */
export type Kind = 'albums' | 'artists';

interface AllLinkProps {
  readonly kind: Kind;
  readonly text: string;
  readonly count: number;
}

export function AllLink({ kind, text, count }: AllLinkProps) {
  return (
    <Link
      to="/search"
      search={{ q: text, kind }}
      className="mt-5 inline-flex min-h-10 items-center text-sm font-semibold text-accent underline-offset-4 hover:underline"
    >
      {words.search.all[kind](count)}
    </Link>
  );
}
