import { useQuery } from '@tanstack/react-query';

import { countQuery, problemsQuery } from '../../api/queries.ts';
import type { LibraryProblem } from '../../api/wire.ts';
import { RowsSkeleton } from '../../library/Skeletons.tsx';
import { en } from '../../strings/en.ts';
import { Failure } from '../../ui/Notice.tsx';
import { Section } from './Section.tsx';

export function Library() {
  return (
    <>
      <Section title={en.settings.tabs.library} about={en.settings.libraryIntro}>
        <p className="numbers text-2xl font-semibold tracking-tight">
          <Counted path="/api/tracks/" words={en.library.tracks} />,{' '}
          <Counted path="/api/albums/" words={en.library.albums} />,{' '}
          <Counted path="/api/artists/" words={en.library.artists} />
        </p>
      </Section>
      <Section title={en.settings.problems}>
        <Problems />
      </Section>
    </>
  );
}

function Counted({ path, words }: { path: string; words: (count: number) => string }) {
  const list = useQuery(countQuery(path));
  return <span>{list.data ? words(list.data.count) : '…'}</span>;
}

function Problems() {
  const list = useQuery(problemsQuery);
  if (list.isPending) return <RowsSkeleton rows={2} />;
  if (list.isError) return <Failure error={list.error} retry={() => void list.refetch()} />;
  if (list.data.count === 0) return <p className="text-soft">{en.settings.noProblems}</p>;
  return (
    <ul className="border-t border-line">
      {list.data.results.map((problem) => (
        <ProblemRow key={problem.path} problem={problem} />
      ))}
    </ul>
  );
}

function ProblemRow({ problem }: { problem: LibraryProblem }) {
  return (
    <li className="grid gap-0.5 border-b border-line py-3">
      <code className="text-sm wrap-anywhere">{problem.path}</code>
      <span className="text-sm text-soft">{problem.reason}</span>
    </li>
  );
}
