import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';

import { albumQuery, albumTracksQuery } from '../../api/queries.ts';
import { RowsSkeleton } from '../../library/Skeletons.tsx';
import { Failure } from '../../ui/Notice.tsx';
import { useTitle } from '../../ui/Page.tsx';
import { AlbumHeader } from './AlbumHeader.tsx';
import { AlbumTracks } from './AlbumTracks.tsx';

export function AlbumPage() {
  const { id } = useParams({ from: '/shell/albums/$id' });
  const album = useQuery(albumQuery(id));
  const tracks = useQuery(albumTracksQuery(id));
  useTitle(album.data?.title ?? '');
  const error = album.error ?? tracks.error;
  const retry = () => void Promise.all([album.refetch(), tracks.refetch()]);
  if (error) return <Failure error={error} retry={retry} />;
  return (
    <>
      <AlbumHeader album={album.data} tracks={tracks.data?.results ?? []} />
      {tracks.data ? (
        <AlbumTracks tracks={tracks.data.results} albumArtist={album.data?.artist} />
      ) : (
        <RowsSkeleton />
      )}
    </>
  );
}
