import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';

import { albumsQuery, artistQuery, artistTracksQuery } from '../../api/queries.ts';
import { AlbumGrid } from '../../library/AlbumGrid.tsx';
import { More } from '../../library/More.tsx';
import { AlbumGridSkeleton } from '../../library/Skeletons.tsx';
import { TrackRow } from '../../library/TrackRow.tsx';
import { useQueue } from '../../playback/queue.ts';
import { words } from '../../strings/words.ts';
import { Button } from '../../ui/Button.tsx';
import { Failure } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';

export function ArtistPage() {
  const { id } = useParams({ from: '/shell/artists/$id' });
  const artist = useQuery(artistQuery(id));
  const albums = useInfiniteQuery(albumsQuery({ artist: id }));
  if (artist.isError) {
    return <Failure error={artist.error} retry={() => void artist.refetch()} />;
  }
  const { name, album_count = 0, track_count = 0 } = artist.data ?? {};
  const about = `${words.library.albums(album_count)}, ${words.library.tracks(track_count)}`;
  return (
    <Page title={name ?? ''} about={artist.data && about} actions={<PlayAll id={id} />}>
      {albums.isPending && <AlbumGridSkeleton />}
      {albums.isError && <Failure error={albums.error} retry={() => void albums.refetch()} />}
      {albums.data && <AlbumGrid albums={albums.data.pages.flatMap((page) => page.results)} />}
      <More {...albums} />
      <ArtistTracks id={id} />
    </Page>
  );
}

function PlayAll({ id }: { id: string }) {
  const queue = useQueue();
  const tracks = useQuery(artistTracksQuery(id)).data?.results ?? [];
  return (
    <Button look="solid" icon="play" disabled={!tracks[0]} onClick={() => queue.play(tracks)}>
      {words.library.playAll}
    </Button>
  );
}

function ArtistTracks({ id }: { id: string }) {
  const queue = useQueue();
  const tracks = useQuery(artistTracksQuery(id)).data?.results ?? [];
  return (
    <section className="mt-12">
      <h2 className="headline mb-4 text-2xl">{words.nav.tracks}</h2>
      {tracks.map((track, index) => (
        <TrackRow
          key={track.id}
          track={track}
          lead="cover"
          onPlay={() => queue.play(tracks, index)}
        />
      ))}
    </section>
  );
}
