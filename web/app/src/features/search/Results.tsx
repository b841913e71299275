// What a search found: the first of each kind, and all the tracks.

import { Link } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';

import { tracksOf } from '../../api/queries.ts';
import type { Artist, SearchResults, Track } from '../../api/wire.ts';
import { AlbumGrid } from '../../library/AlbumGrid.tsx';
import { TrackRow } from '../../library/TrackRow.tsx';
import { TrackWindow } from '../../library/TrackWindow.tsx';
import { usePaged } from '../../library/usePaged.ts';
import { useQueue } from '../../playback/queue.ts';
import { words } from '../../strings/words.ts';
import { AllLink, type Kind } from './AllLink.tsx';

interface ResultsProps {
  readonly text: string;
  readonly results: SearchResults;
}

export function Results({ text, results }: ResultsProps) {
  const { artists, albums, tracks } = results;
  const found = artists.count + albums.count + tracks.count;
  return (
    <>
      <output className={found === 0 ? 'text-lg' : 'sr-only'}>
        {found === 0 ? words.search.none(text) : words.search.found(found)}
      </output>
      <Group title={words.nav.artists} kind="artists" text={text} {...artists}>
        <Artists artists={artists.results} />
      </Group>
      <Group title={words.nav.albums} kind="albums" text={text} {...albums}>
        <AlbumGrid albums={albums.results} />
      </Group>
      <Group title={words.nav.tracks} text={text} {...tracks}>
        {tracks.count > tracks.results.length ? (
          <AllTracks key={text} text={text} first={tracks.results} />
        ) : (
          <FewTracks tracks={tracks.results} />
        )}
      </Group>
    </>
  );
}

function Artists({ artists }: { artists: readonly Artist[] }) {
  return (
    <ul className="flex flex-wrap gap-x-6 gap-y-3">
      {artists.map((artist) => (
        <li key={artist.id}>
          <Link
            to="/artists/$id"
            params={{ id: artist.id }}
            className="text-2xl font-semibold tracking-tight wrap-anywhere hover:text-accent"
          >
            {artist.name}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function FewTracks({ tracks }: { tracks: readonly Track[] }) {
  const queue = useQueue();
  return tracks.map((track, index) => (
    <TrackRow key={track.id} track={track} lead="cover" onPlay={() => queue.play(tracks, index)} />
  ));
}

/** `first`: what is shown until there is more. */
function AllTracks({ text, first }: { text: string; first: readonly Track[] }) {
  const tracks = usePaged(useMemo(() => tracksOf({ q: text }), [text]));
  if (tracks.count === undefined) return <FewTracks tracks={first} />;
  return <TrackWindow label={words.nav.tracks} tracks={tracks} />;
}

interface GroupProps {
  readonly title: string;
  readonly text: string;
  readonly count: number;
  readonly results: readonly unknown[];
  /** Where all of them can be seen, if not here. */
  readonly kind?: Kind;
  readonly children: ReactNode;
}

function Group({ title, text, count, results, kind, children }: GroupProps) {
  if (count === 0) return null;
  return (
    <section className="mb-12">
      <h2 className="label mb-4 flex gap-2 text-soft">
        {title} <span className="numbers text-faint">{count.toLocaleString()}</span>
      </h2>
      {children}
      {kind && count > results.length && <AllLink kind={kind} text={text} count={count} />}
    </section>
  );
}
