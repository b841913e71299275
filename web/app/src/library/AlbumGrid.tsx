import type { Album } from '../api/wire.ts';
import { AlbumTile } from './AlbumTile.tsx';

export const ALBUM_GRID =
  'grid grid-cols-[repeat(auto-fill,minmax(8.75rem,1fr))] gap-x-4 gap-y-7 md:grid-cols-[repeat(auto-fill,minmax(12rem,1fr))] md:gap-x-6 md:gap-y-10';

/** A handful of albums, all of them on the page. */
export function AlbumGrid({ albums }: { albums: readonly Album[] }) {
  return (
    <ul className={ALBUM_GRID}>
      {albums.map((album) => (
        <li key={album.id} className="group relative">
          <AlbumTile album={album} />
        </li>
      ))}
    </ul>
  );
}
