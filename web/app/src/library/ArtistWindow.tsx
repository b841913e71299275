// Any number of artists, of whom only those in view exist.

import { Link } from '@tanstack/react-router';
import { useCallback } from 'react';

import type { Artist } from '../api/wire.ts';
import { words } from '../strings/words.ts';
import type { Paged } from './usePaged.ts';
import { VirtualRows } from './VirtualRows.tsx';

const { library } = words;

/** A name and its counts, in rem. */
const ROW = 4.5;
const SHAPE = 'flex h-full flex-col justify-center border-b border-line/60';

export function ArtistWindow({ label, artists }: { label: string; artists: Paged<Artist> }) {
  const { count = 0, at, show } = artists;
  const row = useCallback(
    (index: number, isStop: boolean) => {
      const artist = at(index);
      return artist ? <ArtistRow artist={artist} isStop={isStop} /> : <RowSkeleton />;
    },
    [at],
  );
  return <VirtualRows label={label} count={count} rowHeight={ROW} row={row} onShow={show} />;
}

function ArtistRow({ artist, isStop }: { artist: Artist; isStop: boolean }) {
  return (
    <Link
      to="/artists/$id"
      params={{ id: artist.id }}
      tabIndex={isStop ? undefined : -1}
      className={`${SHAPE} hover:text-accent md:flex-row md:items-center md:justify-start md:gap-5`}
    >
      <span className="truncate text-xl font-semibold tracking-tight md:text-2xl">
        {artist.name || library.unknownArtist}
      </span>
      <span className="numbers shrink-0 text-sm text-soft">
        {library.albums(artist.album_count)}, {library.tracks(artist.track_count)}
      </span>
    </Link>
  );
}

function RowSkeleton() {
  return (
    <div className={SHAPE}>
      <div className="skeleton h-6 w-2/5" />
    </div>
  );
}
