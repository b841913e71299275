import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import type { SearchResults } from '../../api/wire.ts';
import { AlbumGrid } from '../../library/AlbumGrid.tsx';
import { TrackRow } from '../../library/TrackRow.tsx';
import { useQueue } from '../../playback/queue.ts';
import { words } from '../../strings/words.ts';

interface ResultsProps {
  readonly text: string;
  readonly results: SearchResults;
}

export function Results({ text, results }: ResultsProps) {
  const queue = useQueue();
  const { artists, albums, tracks } = results;
  const found = artists.count + albums.count + tracks.count;
  return (
    <>
      <output className={found === 0 ? 'text-lg' : 'sr-only'}>
        {found === 0 ? words.search.none(text) : words.search.found(found)}
      </output>
      <Group title={words.nav.artists} count={artists.count}>
        <ul className="flex flex-wrap gap-x-6 gap-y-3">
          {artists.results.map((artist) => (
            <li key={artist.id}>
              <Link
                to="/artists/$id"
                params={{ id: artist.id }}
                className="text-2xl font-semibold tracking-tight hover:text-accent"
              >
                {artist.name}
              </Link>
            </li>
          ))}
        </ul>
      </Group>
      <Group title={words.nav.albums} count={albums.count}>
        <AlbumGrid albums={albums.results} />
      </Group>
      <Group title={words.nav.tracks} count={tracks.count}>
        {tracks.results.map((track, index) => (
          <TrackRow
            key={track.id}
            track={track}
            lead="cover"
            onPlay={() => queue.play(tracks.results, index)}
          />
        ))}
      </Group>
    </>
  );
}

interface GroupProps {
  readonly title: string;
  readonly count: number;
  readonly children: ReactNode;
}

function Group({ title, count, children }: GroupProps) {
  if (count === 0) return null;
  return (
    <section className="mb-12">
      <h2 className="label mb-4 flex gap-2 text-soft">
        {title} <span className="numbers text-faint">{count}</span>
      </h2>
      {children}
    </section>
  );
}
