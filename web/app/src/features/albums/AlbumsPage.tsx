import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { albumsQuery } from '../../api/queries.ts';
import { AlbumGrid } from '../../library/AlbumGrid.tsx';
import { EmptyLibrary } from '../../library/EmptyLibrary.tsx';
import { More } from '../../library/More.tsx';
import { AlbumGridSkeleton } from '../../library/Skeletons.tsx';
import { words } from '../../strings/words.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Failure } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';

type Sort = keyof typeof words.library.albumSorts;

export function AlbumsPage() {
  const [sort, setSort] = useState<Sort>('artist');
  const query = useInfiniteQuery(albumsQuery({ sort }));
  const count = query.data?.pages[0]?.count;
  const isEmpty = count === 0;
  return (
    <Page
      title={words.nav.albums}
      about={count ? words.library.albums(count) : undefined}
      actions={
        !isEmpty && (
          <Choice
            label={words.library.sort}
            value={sort}
            options={words.library.albumSorts}
            onChange={setSort}
          />
        )
      }
    >
      {query.isPending && <AlbumGridSkeleton />}
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {isEmpty && <EmptyLibrary />}
      {query.data && <AlbumGrid albums={query.data.pages.flatMap((page) => page.results)} />}
      <More {...query} />
    </Page>
  );
}
