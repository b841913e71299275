// One playback session: how it went, what happened in it, and what was decided and why.

import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';

import { sessionQuery } from '../../api/queries.ts';
import type { SessionDetail } from '../../api/wire.ts';
import { RowsSkeleton } from '../../library/Skeletons.tsx';
import { size } from '../../strings/size.ts';
import { ago } from '../../strings/time.ts';
import { words } from '../../strings/words.ts';
import { Figure, FigureRow } from '../../ui/Figures.tsx';
import { Failure } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Decided } from './Decided.tsx';
import { HeardBar } from './Heard.tsx';
import { Events } from './Events.tsx';
import { Optimum } from './Optimum.tsx';
import { Title } from './Title.tsx';

export function SessionPage() {
  const { id } = useParams({ from: '/shell/analytics/sessions/$id' });
  const { data: session, ...query } = useQuery(sessionQuery(id));
  return (
    <Page
      title={words.analytics.session}
      about={session && <About session={session} />}
      actions={
        <Link to="/analytics" className="text-accent underline underline-offset-4">
          {words.analytics.back}
        </Link>
      }
    >
      {query.isPending && <RowsSkeleton rows={4} />}
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {session && (
        <div className="grid gap-12">
          <Facts session={session} />
          <Optimum session={session} />
          <div className="grid gap-12 *:min-w-0 xl:grid-cols-2 xl:items-start xl:gap-10">
            <Events events={session.events} startedAt={session.started_at} />
            <Decided log={session.decision_log} />
          </div>
        </div>
      )}
    </Page>
  );
}

function About({ session }: { session: SessionDetail }) {
  const kind = words.network.kinds[session.network_kind as keyof typeof words.network.kinds];
  return (
    <>
      <Title trackId={session.track_id ?? null} />
      {` · ${[ago(session.started_at), session.player, kind].join(' · ')}`}
    </>
  );
}

function Facts({ session }: { session: SessionDetail }) {
  const {
    startup_ms: startup,
    stalls,
    stalled_ms: stalled,
    bytes,
    wasted_bytes: wasted,
    qoe,
  } = session;
  return (
    <section className="grid gap-4">
      <HeardBar heard={session.heard_s} className="h-6" />
      <FigureRow>
        <Figure name={words.stats.startup}>
          {startup === null ? words.analytics.unknown : words.stats.secs((startup ?? 0) / 1e3)}
        </Figure>
        <Figure name={words.quality.stalls}>
          {words.quality.stallsOf(stalls, (stalled / 1e3).toFixed(1))}
        </Figure>
        <Figure name={words.analytics.switches}>{session.switches}</Figure>
        <Figure name={words.analytics.bytes}>{size(bytes)}</Figure>
        <Figure name={words.analytics.wasted}>{size(wasted)}</Figure>
        <Figure name={words.analytics.qoe}>
          {qoe === null || qoe === undefined ? words.analytics.unknown : words.analytics.score(qoe)}
        </Figure>
      </FigureRow>
    </section>
  );
}
