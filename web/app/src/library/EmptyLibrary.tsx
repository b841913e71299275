import { Link } from '@tanstack/react-router';

import { words } from '../strings/words.ts';
import { Empty } from '../ui/Notice.tsx';

export function EmptyLibrary() {
  return (
    <Empty title={words.library.empty}>
      <p>{words.library.emptyHow}</p>
      <pre className="overflow-x-auto rounded-md bg-sunk px-4 py-3 text-sm text-ink">
        {words.library.emptyCommand}
      </pre>
      <Link to="/settings" search={{ tab: 'library' }} className="text-accent underline">
        {words.library.emptyProblems}
      </Link>
    </Empty>
  );
}
