import { Link } from '@tanstack/react-router';

import type { Span } from '../../api/queries.ts';
import { words } from '../../strings/words.ts';
import { Empty } from '../../ui/Notice.tsx';

/** What would be here, and how it comes here. */
export function Nothing({ span }: { span: Span }) {
  return (
    <Empty title={words.analytics.nothing(span.days)}>
      <p>{words.analytics.nothingHow}</p>
      <ul className="grid list-disc gap-2 pl-5">
        {words.analytics.nothingList.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p>
        <Link to="/" className="text-accent underline underline-offset-4">
          {words.analytics.playSomething}
        </Link>
      </p>
    </Empty>
  );
}
