import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { ask } from '../../api/client.ts';
import { libraryQuery, meQuery, problemsQuery } from '../../api/queries.ts';
import type { LibraryProblem } from '../../api/wire.ts';
import { RowsSkeleton } from '../../library/Skeletons.tsx';
import { words } from '../../strings/words.ts';
import { Button } from '../../ui/Button.tsx';
import { Failure } from '../../ui/Notice.tsx';
import { Section } from './Section.tsx';

export function Library() {
  return (
    <>
      <Section title={words.settings.tabs.library} about={words.settings.libraryIntro}>
        <Status />
      </Section>
      <Section title={words.settings.problems}>
        <Problems />
      </Section>
    </>
  );
}

function Status() {
  const status = useQuery(libraryQuery);
  if (status.isPending) return <div className="skeleton h-8 w-2/3" />;
  if (status.isError) return <Failure error={status.error} retry={() => void status.refetch()} />;
  const { track_count, album_count, artist_count, phase, done, total, is_watching } = status.data;
  const counts = [
    words.library.tracks(track_count),
    words.library.albums(album_count),
    words.library.artists(artist_count),
  ];
  return (
    <div className="grid gap-2">
      <p className="numbers text-2xl font-semibold tracking-tight">{counts.join(', ')}</p>
      <output className="numbers text-soft">
        {phaseText(phase, done, total)}{' '}
        {is_watching ? words.settings.watching : words.settings.notWatching}
      </output>
      <Rescan />
    </div>
  );
}

/** What the server is doing; nothing for a word we do not know. */
function phaseText(phase: string, done: number, total: number): string {
  const texts: Readonly<Record<string, (done: number, total: number) => string>> =
    words.settings.phases;
  return texts[phase]?.(done, total) ?? '';
}

function Rescan() {
  const client = useQueryClient();
  const rescan = useMutation({
    mutationFn: () => ask('/api/library/rescan/', { method: 'POST' }),
    onSettled: () => client.invalidateQueries({ queryKey: libraryQuery.queryKey }),
  });
  const isAdmin = useQuery(meQuery).data?.is_admin;
  if (!isAdmin) return null;
  return (
    <div>
      <Button disabled={rescan.isPending} onClick={() => rescan.mutate()}>
        {words.settings.rescan}
      </Button>
      {rescan.isError && <Failure error={rescan.error} />}
    </div>
  );
}

function Problems() {
  const list = useQuery(problemsQuery);
  if (list.isPending) return <RowsSkeleton rows={2} />;
  if (list.isError) return <Failure error={list.error} retry={() => void list.refetch()} />;
  if (list.data.count === 0) return <p className="text-soft">{words.settings.noProblems}</p>;
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
