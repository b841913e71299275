// Any number of albums side by side, of which only those in view exist.

import { useEffect, useRef } from 'react';

import type { Album } from '../api/wire.ts';
import { AlbumTile, TileSkeleton } from './AlbumTile.tsx';
import { useColumns } from './useColumns.ts';
import type { Paged } from './usePaged.ts';
import { useRoving } from './useRoving.ts';
import { useRowWindow } from './useRowWindow.ts';

/** Below a cover: two lines of title, one of artist, and air, in rem. */
const FOOT = 6.4;

interface AlbumWindowProps {
  readonly label: string;
  readonly albums: Paged<Album>;
}

export function AlbumWindow({ label, albums }: AlbumWindowProps) {
  const list = useRef<HTMLUListElement>(null);
  const { columns, tileRem, gapRem } = useColumns(list);
  const { count = 0, at, show } = albums;
  const roving = useRoving(list, count, 0, columns);
  const lines = Math.ceil(count / columns);
  const pinned = Math.floor(roving.active / columns);
  const { rows, top } = useRowWindow(list, lines, tileRem + FOOT, pinned);
  const { startIndex = 0, endIndex = 0 } = rows.range ?? {};
  useEffect(
    () => show({ first: startIndex * columns, last: (endIndex + 1) * columns - 1 }),
    [startIndex, endIndex, columns, show],
  );
  const tiles = rows.getVirtualItems().flatMap(({ index, start }) =>
    Array.from({ length: Math.min(columns, count - index * columns) }, (_, column) => ({
      index: index * columns + column,
      style: {
        width: `${tileRem}rem`,
        transform: `translate(${column * (tileRem + gapRem)}rem, ${start - top}px)`,
      },
    })),
  );
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys of its rows
    <ul
      ref={list}
      aria-label={label}
      className="relative"
      style={{ height: rows.getTotalSize() }}
      onKeyDown={(event) => roving.press(event, rows)}
      onFocus={roving.enter}
      onBlur={roving.leave}
    >
      {tiles.map(({ index, style }) => (
        <li
          key={index}
          tabIndex={-1}
          data-row={index}
          aria-posinset={index + 1}
          aria-setsize={count}
          className="group absolute top-0 left-0 outline-none"
          style={style}
        >
          <Tile album={at(index)} isStop={index === roving.active} />
        </li>
      ))}
    </ul>
  );
}

function Tile({ album, isStop }: { album: Album | undefined; isStop: boolean }) {
  return album ? <AlbumTile album={album} isStop={isStop} /> : <TileSkeleton />;
}
