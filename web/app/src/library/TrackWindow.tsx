// Any number of tracks, of which only those in view exist. Rows not fetched yet hold their place.

import { useCallback } from 'react';

import type { Track } from '../api/wire.ts';
import { TrackRow } from './TrackRow.tsx';
import type { Paged } from './usePaged.ts';
import { usePlayFrom } from './usePlayFrom.ts';
import { VirtualRows } from './VirtualRows.tsx';

/** A `TrackRow` and the line below it, in rem. */
const ROW = 3.5625;

interface TrackWindowProps {
  readonly label: string;
  readonly tracks: Paged<Track>;
}

export function TrackWindow({ label, tracks }: TrackWindowProps) {
  const { count = 0, at, show } = tracks;
  const playFrom = usePlayFrom(tracks);
  const row = useCallback(
    (index: number, isStop: boolean) => {
      const track = at(index);
      if (!track) return <RowSkeleton />;
      return <TrackRow track={track} lead="cover" isStop={isStop} onPlay={() => playFrom(index)} />;
    },
    [at, playFrom],
  );
  return <VirtualRows label={label} count={count} rowHeight={ROW} row={row} onShow={show} />;
}

function RowSkeleton() {
  return (
    <div className="flex h-14 items-center gap-4 border-b border-line/60">
      <div className="skeleton size-11" />
      <div className="skeleton h-4 w-2/5" />
    </div>
  );
}
