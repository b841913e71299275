import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { albumTracksQuery } from '../api/queries.ts';
import type { Album } from '../api/wire.ts';
import { useQueue } from '../playback/queue.ts';
import { words } from '../strings/words.ts';
import { Cover, coverUrl } from '../ui/Cover.tsx';
import { Icon } from '../ui/Icon.tsx';

export const ALBUM_GRID =
  'grid grid-cols-[repeat(auto-fill,minmax(9.5rem,1fr))] gap-x-4 gap-y-7 md:grid-cols-[repeat(auto-fill,minmax(12rem,1fr))] md:gap-x-6 md:gap-y-10';

export function AlbumGrid({ albums }: { albums: readonly Album[] }) {
  return (
    <ul className={ALBUM_GRID}>
      {albums.map((album) => (
        <AlbumTile key={album.id} album={album} />
      ))}
    </ul>
  );
}

function AlbumTile({ album }: { album: Album }) {
  const url = coverUrl(album.cover_url, 480);
  return (
    <li className="group relative [content-visibility:auto] [contain-intrinsic-size:auto_15rem]">
      <Link to="/albums/$id" params={{ id: album.id }} className="grid gap-3">
        <Cover url={url} title={album.title} className="w-full" />
        <span className="grid gap-0.5">
          <span className="line-clamp-2 leading-snug font-semibold">
            {album.title || words.library.unknownAlbum}
          </span>
          <span className="truncate text-sm text-soft">
            {album.artist || words.library.unknownArtist}
          </span>
        </span>
      </Link>
      <PlayAlbum album={album} />
    </li>
  );
}

function PlayAlbum({ album }: { album: Album }) {
  const client = useQueryClient();
  const queue = useQueue();
  const play = async () => {
    const tracks = await client.ensureQueryData(albumTracksQuery(album.id));
    queue.play(tracks.results);
  };
  return (
    <span className="pointer-events-none absolute inset-x-0 top-0 aspect-square">
      <button
        type="button"
        aria-label={words.library.playAlbum(album.title)}
        onClick={() => void play().catch(() => undefined)}
        className="pointer-events-auto absolute right-2 bottom-2 grid size-11 place-items-center rounded-full bg-accent text-on-accent opacity-0 shadow-lg transition-opacity group-hover:opacity-100 focus-visible:opacity-100 pointer-coarse:hidden"
      >
        <Icon name="play" />
      </button>
    </span>
  );
}
