import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { albumTracksQuery } from '../api/queries.ts';
import type { Album } from '../api/wire.ts';
import { useQueue } from '../playback/queue.ts';
import { words } from '../strings/words.ts';
import { Cover, coverUrl } from '../ui/Cover.tsx';
import { Icon } from '../ui/Icon.tsx';

const { library } = words;

interface AlbumTileProps {
  readonly album: Album;
  /** Whether the Tab key stops here; it does if not given. */
  readonly isStop?: boolean;
}

/** A cover with its names; stands in a `group relative` box. */
export function AlbumTile({ album, isStop = true }: AlbumTileProps) {
  const url = coverUrl(album.cover_url, 480);
  const tabIndex = isStop ? undefined : -1;
  return (
    <>
      <Link to="/albums/$id" params={{ id: album.id }} className="grid gap-3" tabIndex={tabIndex}>
        <Cover url={url} title={album.title} className="w-full" />
        <span className="grid gap-0.5">
          <span className="line-clamp-2 leading-snug font-semibold wrap-anywhere">
            {album.title || library.unknownAlbum}
          </span>
          <span className="truncate text-sm text-soft">
            {album.artist || library.unknownArtist}
          </span>
        </span>
      </Link>
      <PlayAlbum album={album} tabIndex={tabIndex} />
    </>
  );
}

export function TileSkeleton() {
  return (
    <div className="grid gap-3">
      <div className="skeleton aspect-square" />
      <div className="skeleton h-4 w-3/4" />
      <div className="skeleton h-3 w-1/2" />
    </div>
  );
}

function PlayAlbum({ album, tabIndex }: { album: Album; tabIndex: number | undefined }) {
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
        tabIndex={tabIndex}
        aria-label={library.playAlbum(album.title)}
        onClick={() => void play().catch(() => undefined)}
        className="pointer-events-auto absolute right-2 bottom-2 grid size-11 place-items-center rounded-full bg-accent text-on-accent opacity-0 shadow-lg transition-opacity group-hover:opacity-100 focus-visible:opacity-100 pointer-coarse:hidden"
      >
        <Icon name="play" />
      </button>
    </span>
  );
}
