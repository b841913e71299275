import { useMemo } from 'react';

import { artistsOf } from '../../api/queries.ts';
import { ArtistWindow } from '../../library/ArtistWindow.tsx';
import { PagedBody } from '../../library/PagedBody.tsx';
import { RowsSkeleton } from '../../library/Skeletons.tsx';
import { usePaged } from '../../library/usePaged.ts';
import { words } from '../../strings/words.ts';
import { Page } from '../../ui/Page.tsx';

export function ArtistsPage() {
  const artists = usePaged(useMemo(() => artistsOf(), []));
  const { count } = artists;
  return (
    <Page title={words.nav.artists} about={count ? words.library.artists(count) : undefined}>
      <PagedBody list={artists} skeleton={<RowsSkeleton />}>
        <ArtistWindow label={words.nav.artists} artists={artists} />
      </PagedBody>
    </Page>
  );
}
