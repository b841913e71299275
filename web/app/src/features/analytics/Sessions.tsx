// Playback sessions one by one, newest first, each a door to what happened in it.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import { sessionsQuery } from '../../api/queries.ts';
import type { Session } from '../../api/wire.ts';
import { RowsSkeleton } from '../../library/Skeletons.tsx';
import { ago, longTime } from '../../strings/time.ts';
import { words } from '../../strings/words.ts';
import { Button } from '../../ui/Button.tsx';
import { Failure } from '../../ui/Notice.tsx';
import { HeardBar } from './Heard.tsx';
import { Title } from './Title.tsx';

const STEP = 12;

export function Sessions() {
  const [most, setMost] = useState(STEP);
  const list = useQuery(sessionsQuery);
  const sessions = list.data?.results ?? [];
  return (
    <section className="grid gap-4">
      <h2 className="text-xl font-semibold tracking-tight">{words.analytics.sessions}</h2>
      {list.isPending && <RowsSkeleton rows={4} />}
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} />}
      <ul className="border-t border-line">
        {sessions.slice(0, most).map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </ul>
      {sessions.length > most && (
        <div>
          <Button onClick={() => setMost(most + STEP)}>{words.stats.more}</Button>
        </div>
      )}
    </section>
  );
}

function SessionRow({ session }: { session: Session }) {
  const { heard_s: heard, stalls, qoe } = session;
  const listened = heard.low + heard.medium + heard.high + heard.ultra;
  const facts = [
    ago(session.started_at),
    ...(listened > 0 ? [longTime(listened)] : [words.analytics.notHeard]),
    words.analytics.stallsOf(stalls),
    ...(qoe === null || qoe === undefined
      ? []
      : [words.analytics.qoeOf(words.analytics.score(qoe))]),
  ];
  return (
    <li className="border-b border-line">
      <Link
        to="/analytics/sessions/$id"
        params={{ id: session.id }}
        className="grid gap-x-6 gap-y-1 py-3 hover:bg-raised sm:grid-cols-[minmax(0,1fr)_12rem] sm:items-center"
      >
        <span className="grid min-w-0">
          <span className="truncate font-medium">
            <Title trackId={session.track_id} />
          </span>
          <span className="numbers text-sm text-soft">{facts.join(' · ')}</span>
        </span>
        <HeardBar heard={heard} className="h-3" />
      </Link>
    </li>
  );
}
