import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { tracksQuery } from '../../api/queries.ts';
import { EmptyLibrary } from '../../library/EmptyLibrary.tsx';
import { RowsSkeleton } from '../../library/Skeletons.tsx';
import { words } from '../../strings/words.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Failure } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { TrackWindow } from './TrackWindow.tsx';

type Sort = keyof typeof words.library.sorts;

export function TracksPage() {
  const [sort, setSort] = useState<Sort>('album');
  const query = useInfiniteQuery(tracksQuery(sort));
  const count = query.data?.pages[0]?.count;
  return (
    <Page
      title={words.nav.tracks}
      about={count ? words.library.tracks(count) : undefined}
      actions={
        count !== 0 && (
          <Choice
            label={words.library.sort}
            value={sort}
            options={words.library.sorts}
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
