import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';

import { albumsOf } from '../../api/queries.ts';
import { AlbumWindow } from '../../library/AlbumWindow.tsx';
import { PagedBody } from '../../library/PagedBody.tsx';
import { AlbumGridSkeleton } from '../../library/Skeletons.tsx';
import { usePaged } from '../../library/usePaged.ts';
import { words } from '../../strings/words.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Page } from '../../ui/Page.tsx';

const { library } = words;

const SORTS = library.albumSorts;
type Sort = keyof typeof SORTS;
const isSort = (text: string): text is Sort => Object.hasOwn(SORTS, text);

export function AlbumsPage() {
  const { sort: asked = '' } = useSearch({ from: '/shell/' });
  const sort = isSort(asked) ? asked : 'artist';
  const navigate = useNavigate();
  const albums = usePaged(useMemo(() => albumsOf({ sort }), [sort]));
  const { count } = albums;
  const order = (next: Sort) =>
    void navigate({ to: '/', search: next === 'artist' ? {} : { sort: next }, replace: true });
  return (
    <Page
      title={words.nav.albums}
      about={count ? library.albums(count) : undefined}
      actions={
        count !== 0 && <Choice label={library.sort} value={sort} options={SORTS} onChange={order} />
      }
    >
      <PagedBody list={albums} skeleton={<AlbumGridSkeleton />}>
        <AlbumWindow key={sort} label={words.nav.albums} albums={albums} />
      </PagedBody>
    </Page>
  );
}
