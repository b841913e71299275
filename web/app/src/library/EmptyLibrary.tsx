import { Link } from '@tanstack/react-router';

import { en } from '../strings/en.ts';
import { Empty } from '../ui/Notice.tsx';

export function EmptyLibrary() {
  return (
    <Empty title={en.library.empty}>
      <p>{en.library.emptyHow}</p>
      <pre className="overflow-x-auto rounded-md bg-sunk px-4 py-3 text-sm text-ink">
        {en.library.emptyCommand}
      </pre>
      <Link to="/settings" search={{ tab: 'library' }} className="text-accent underline">
        {en.library.emptyProblems}
      </Link>
    </Empty>
  );
}
