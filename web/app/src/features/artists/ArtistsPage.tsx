import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { artistsQuery } from '../../api/queries.ts';
import type { Artist } from '../../api/wire.ts';
import { EmptyLibrary } from '../../library/EmptyLibrary.tsx';
import { More } from '../../library/More.tsx';
import { RowsSkeleton } from '../../library/Skeletons.tsx';
import { words } from '../../strings/words.ts';
import { Failure } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';

export function ArtistsPage() {
  const query = useInfiniteQuery(artistsQuery);
  const count = query.data?.pages[0]?.count;
  const artists = query.data?.pages.flatMap((page) => page.results) ?? [];
  return (
    <Page title={words.nav.artists} about={count ? words.library.artists(count) : undefined}>
      {query.isPending && <RowsSkeleton />}
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {count === 0 && <EmptyLibrary />}
      <ul>
        {artists.map((artist) => (
          <ArtistRow key={artist.id} artist={artist} />
        ))}
      </ul>
      <More {...query} />
    </Page>
  );
}

function ArtistRow({ artist }: { artist: Artist }) {
  return (
    <li className="border-b border-line/60">
      <Link
        to="/artists/$id"
        params={{ id: artist.id }}
        className="flex min-h-16 flex-wrap items-baseline gap-x-5 py-4 hover:text-accent"
      >
        <span className="text-2xl font-semibold tracking-tight wrap-anywhere">
          {artist.name || words.library.unknownArtist}
        </span>
        <span className="numbers text-sm text-soft">
          {words.library.albums(artist.album_count)}, {words.library.tracks(artist.track_count)}
        </span>
      </Link>
    </li>
  );
}
