import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { tracksQuery } from '../../api/queries.ts';
import { EmptyLibrary } from '../../library/EmptyLibrary.tsx';
import { RowsSkeleton } from '../../library/Skeletons.tsx';
import { en } from '../../strings/en.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Failure } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { TrackWindow } from './TrackWindow.tsx';

type Sort = keyof typeof en.library.sorts;

export function TracksPage() {
  const [sort, setSort] = useState<Sort>('album');
  const query = useInfiniteQuery(tracksQuery(sort));
  const count = query.data?.pages[0]?.count;
  return (
    <Page
      title={en.nav.tracks}
      about={count ? en.library.tracks(count) : undefined}
      actions={
        count !== 0 && (
          <Choice
            label={en.library.sort}
            value={sort}
            options={en.library.sorts}
            onChange={setSort}
          />
        )
      }
    >
      {query.isPending && <RowsSkeleton />}
      {query.isError && !query.data && (
        <Failure error={query.error} retry={() => void query.refetch()} />
      )}
      {count === 0 && <EmptyLibrary />}
      {query.data && count ? (
        <TrackWindow
          tracks={query.data.pages.flatMap((page) => page.results)}
          count={count}
          onNeedMore={() => {
            if (query.hasNextPage && !query.isFetching) void query.fetchNextPage();
          }}
        />
      ) : null}
    </Page>
  );
}
