import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useMemo } from 'react';

import { albumsOf, artistQuery, artistTracksQuery, tracksOf } from '../../api/queries.ts';
import { AlbumWindow } from '../../library/AlbumWindow.tsx';
import { AlbumGridSkeleton, RowsSkeleton } from '../../library/Skeletons.tsx';
import { TrackWindow } from '../../library/TrackWindow.tsx';
import { usePaged } from '../../library/usePaged.ts';
import { useQueue } from '../../playback/queue.ts';
import { words } from '../../strings/words.ts';
import { Button } from '../../ui/Button.tsx';
import { Failure } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';

export function ArtistPage() {
  const { id } = useParams({ from: '/shell/artists/$id' });
  const artist = useQuery(artistQuery(id));
  if (artist.isError) {
    return <Failure error={artist.error} retry={() => void artist.refetch()} />;
  }
  const { name, album_count = 0, track_count = 0 } = artist.data ?? {};
  const about = `${words.library.albums(album_count)}, ${words.library.tracks(track_count)}`;
  return (
    <Page title={name ?? ''} about={artist.data && about} actions={<PlayAll id={id} />}>
      <Albums key={`albums ${id}`} id={id} />
      <Tracks key={`tracks ${id}`} id={id} />
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

/** Nothing for an artist who only plays on the albums of others. */
function Albums({ id }: { id: string }) {
  const albums = usePaged(useMemo(() => albumsOf({ artist: id }), [id]));
  if (albums.error) return <Failure error={albums.error} retry={albums.retry} />;
  if (albums.count === undefined) return <AlbumGridSkeleton />;
  if (albums.count === 0) return null;
  return (
    <section className="mb-6">
      <h2 className="sr-only">{words.nav.albums}</h2>
      <AlbumWindow label={words.nav.albums} albums={albums} />
    </section>
  );
}

function Tracks({ id }: { id: string }) {
  const tracks = usePaged(useMemo(() => tracksOf({ artist: id }), [id]));
  return (
    <section>
      <h2 className="headline mb-4 text-2xl">{words.nav.tracks}</h2>
      {tracks.error && <Failure error={tracks.error} retry={tracks.retry} />}
      {tracks.count === undefined && !tracks.error && <RowsSkeleton rows={6} />}
      <TrackWindow label={words.nav.tracks} tracks={tracks} />
    </section>
  );
}
