import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';

import { tracksOf } from '../../api/queries.ts';
import { PagedBody } from '../../library/PagedBody.tsx';
import { RowsSkeleton } from '../../library/Skeletons.tsx';
import { TrackWindow } from '../../library/TrackWindow.tsx';
import { usePaged } from '../../library/usePaged.ts';
import { words } from '../../strings/words.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Page } from '../../ui/Page.tsx';

const { library } = words;

const SORTS = library.sorts;
type Sort = keyof typeof SORTS;
const isSort = (text: string): text is Sort => Object.hasOwn(SORTS, text);

export function TracksPage() {
  const { sort: asked = '' } = useSearch({ from: '/shell/tracks' });
  const sort = isSort(asked) ? asked : 'album';
  const navigate = useNavigate();
  const tracks = usePaged(useMemo(() => tracksOf({ sort }), [sort]));
  const { count } = tracks;
  const order = (next: Sort) =>
    void navigate({ to: '/tracks', search: next === 'album' ? {} : { sort: next }, replace: true });
  return (
    <Page
      title={words.nav.tracks}
      about={count ? library.tracks(count) : undefined}
      actions={
        count !== 0 && <Choice label={library.sort} value={sort} options={SORTS} onChange={order} />
      }
    >
      <PagedBody list={tracks} skeleton={<RowsSkeleton />}>
        <TrackWindow key={sort} label={words.nav.tracks} tracks={tracks} />
      </PagedBody>
    </Page>
  );
}
