import { Link } from '@tanstack/react-router';

import type { Album, Track } from '../../api/wire.ts';
import { KeepButton } from '../../library/KeepButton.tsx';
import { useQueue } from '../../playback/queue.ts';
import { words } from '../../strings/words.ts';
import { longTime } from '../../strings/time.ts';
import { Button } from '../../ui/Button.tsx';
import { Cover, coverUrl } from '../../ui/Cover.tsx';

interface AlbumHeaderProps {
  /** Undefined while it loads. */
  readonly album: Album | undefined;
  readonly tracks: readonly Track[];
}

const FRAME = 'mb-8 grid gap-6 md:mb-12 md:grid-cols-[minmax(0,18rem)_1fr] md:items-end md:gap-10';

export function AlbumHeader({ album, tracks }: AlbumHeaderProps) {
  const queue = useQueue();
  if (!album) return <HeaderSkeleton />;
  const url = coverUrl(album.cover_url, 640);
  const title = album.title || words.library.unknownAlbum;
  return (
    <header className={FRAME}>
      <Cover url={url} title={album.title} className="w-full max-w-72" eager />
      <div className="grid gap-4">
        <h1 className="headline text-4xl wrap-anywhere md:text-6xl lg:text-7xl">{title}</h1>
        <Facts album={album} />
        <div className="flex flex-wrap gap-3">
          <Button look="solid" icon="play" disabled={!tracks[0]} onClick={() => queue.play(tracks)}>
            {words.library.play}
          </Button>
          <Button disabled={!tracks[0]} onClick={() => queue.add(tracks)}>
            {words.library.addToQueue}
          </Button>
          <KeepButton tracks={tracks} />
        </div>
      </div>
    </header>
  );
}

function Facts({ album }: { album: Album }) {
  const facts = [album.year, words.library.tracks(album.track_count), longTime(album.duration_s)];
  const artist = album.artist || words.library.unknownArtist;
  return (
    <p className="numbers text-soft">
      {album.artist_id ? (
        <Link
          to="/artists/$id"
          params={{ id: album.artist_id }}
          className="font-semibold text-ink hover:underline"
        >
          {artist}
        </Link>
      ) : (
        artist
      )}
      {' – '}
      {facts.filter(Boolean).join(', ')}
    </p>
  );
}

function HeaderSkeleton() {
  return (
    <header className={FRAME}>
      <div className="skeleton aspect-square w-full max-w-72" />
      <div className="grid gap-4">
        <div className="skeleton h-14 w-4/5" />
        <div className="skeleton h-5 w-2/5" />
      </div>
    </header>
  );
}
