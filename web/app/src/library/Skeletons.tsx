// What a list looks like before it is there.

import { words } from '../strings/words.ts';
import { ALBUM_GRID } from './AlbumGrid.tsx';
import { TileSkeleton } from './AlbumTile.tsx';

const times = (count: number) => Array.from({ length: count }, (_, index) => index);

export function AlbumGridSkeleton() {
  return (
    <output aria-label={words.library.loading} className={ALBUM_GRID}>
      {times(12).map((index) => (
        <TileSkeleton key={index} />
      ))}
    </output>
  );
}

export function RowsSkeleton({ rows = 10 }: { rows?: number }) {
  return (
    <output aria-label={words.library.loading} className="grid">
      {times(rows).map((index) => (
        <div key={index} className="flex h-14 items-center gap-4 border-b border-line/60">
          <div className="skeleton size-9" />
          <div className="skeleton h-4 w-2/5" />
        </div>
      ))}
    </output>
  );
}
