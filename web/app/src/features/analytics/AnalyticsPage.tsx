// What all listening adds up to: one's own, or everyone's for administrators.

import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';

import { figuresQuery, meQuery, type Span } from '../../api/queries.ts';
import { RowsSkeleton } from '../../library/Skeletons.tsx';
import { words } from '../../strings/words.ts';
import { Failure } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Groups } from './Groups.tsx';
import { Heard } from './Heard.tsx';
import { Nothing } from './Nothing.tsx';
import { Sessions } from './Sessions.tsx';
import { SpanChoice } from './SpanChoice.tsx';
import { Summary } from './Summary.tsx';
import { spanOf } from './span.ts';

export function AnalyticsPage() {
  const search = useSearch({ from: '/shell/analytics' });
  const navigate = useNavigate();
  const isAdmin = useQuery(meQuery).data?.is_admin ?? false;
  const span = spanOf(search, isAdmin);
  const figures = useQuery(figuresQuery(span));
  const show = ({ days, everyone }: Span) =>
    void navigate({
      to: '/analytics',
      search: { days: String(days), ...(everyone ? { of: 'everyone' } : {}) },
      replace: true,
    });
  return (
    <Page title={words.analytics.title} about={words.analytics.about}>
      <div className="grid gap-12">
        <SpanChoice span={span} isAdmin={isAdmin} onChange={show} />
        {figures.isPending && <RowsSkeleton rows={4} />}
        {figures.isError && <Failure error={figures.error} retry={() => void figures.refetch()} />}
        {figures.data?.sessions === 0 && <Nothing span={span} />}
        {figures.data && figures.data.sessions > 0 && (
          <>
            <Summary figures={figures.data} />
            <Heard figures={figures.data} />
            <Groups span={span} />
          </>
        )}
        {!span.everyone && figures.data && figures.data.sessions > 0 && <Sessions />}
      </div>
    </Page>
  );
}
