// Everything of one kind that a search found.

import { Link } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';

import { albumsOf, artistsOf } from '../../api/queries.ts';
import { AlbumWindow } from '../../library/AlbumWindow.tsx';
import { ArtistWindow } from '../../library/ArtistWindow.tsx';
import { AlbumGridSkeleton, RowsSkeleton } from '../../library/Skeletons.tsx';
import { usePaged, type Paged } from '../../library/usePaged.ts';
import { words } from '../../strings/words.ts';
import { Failure } from '../../ui/Notice.tsx';
import type { Kind } from './AllLink.tsx';

export function AllOfKind({ kind, text }: { kind: Kind; text: string }) {
  return (
    <section>
      <p className="mb-4">
        <Link to="/search" search={{ q: text }} className="text-sm text-accent underline">
          {words.search.back}
        </Link>
      </p>
      {kind === 'albums' ? <Albums text={text} /> : <Artists text={text} />}
    </section>
  );
}

function Albums({ text }: { text: string }) {
  const albums = usePaged(useMemo(() => albumsOf({ q: text }), [text]));
  return (
    <Found list={albums} said={words.search.all.albums} skeleton={<AlbumGridSkeleton />}>
      <AlbumWindow label={words.nav.albums} albums={albums} />
    </Found>
  );
}

function Artists({ text }: { text: string }) {
  const artists = usePaged(useMemo(() => artistsOf({ q: text }), [text]));
  return (
    <Found list={artists} said={words.search.all.artists} skeleton={<RowsSkeleton />}>
      <ArtistWindow label={words.nav.artists} artists={artists} />
    </Found>
  );
}

interface FoundProps {
  readonly list: Paged<unknown>;
  readonly said: (count: number) => string;
  readonly skeleton: ReactNode;
  readonly children: ReactNode;
}

function Found({ list, said, skeleton, children }: FoundProps) {
  if (list.error) return <Failure error={list.error} retry={list.retry} />;
  if (list.count === undefined) return skeleton;
  return (
    <>
      <h2 className="label mb-4 text-soft">{said(list.count)}</h2>
      {children}
    </>
  );
}
