// A long list of which only the rows in view exist. Rows not fetched yet hold their place.

import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';

import type { Track } from '../../api/wire.ts';
import { TrackRow } from '../../library/TrackRow.tsx';
import { useQueue } from '../../playback/queue.ts';

/** A row of `TrackRow`, in pixels. */
const ROW = 57;
/** Tracks put into the queue around the one picked: enough for a day, not the whole library. */
const QUEUE_REACH = 300;

interface TrackWindowProps {
  readonly tracks: readonly Track[];
  /** How many there are on the server. */
  readonly count: number;
  readonly onNeedMore: () => void;
}

export function TrackWindow({ tracks, count, onNeedMore }: TrackWindowProps) {
  const queue = useQueue();
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), []);
  // oxlint-disable-next-line react/incompatible-library -- the compiler is not in use
  const rows = useWindowVirtualizer({
    count,
    estimateSize: () => ROW,
    overscan: 12,
    scrollMargin: top,
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= tracks.length - 1 && tracks.length < count) onNeedMore();
  }, [last, tracks.length, count, onNeedMore]);

  const play = (index: number) => {
    const from = Math.max(0, index - QUEUE_REACH);
    queue.play(tracks.slice(from, index + QUEUE_REACH), index - from);
  };
  return (
    <ul ref={list} className="relative" style={{ height: rows.getTotalSize() }}>
      {items.map((item) => (
        <li
          key={item.key}
          aria-posinset={item.index + 1}
          aria-setsize={count}
          className="absolute inset-x-0 top-0"
          style={{ height: ROW, transform: `translateY(${item.start - top}px)` }}
        >
          <Row track={tracks[item.index]} onPlay={() => play(item.index)} />
        </li>
      ))}
    </ul>
  );
}

function Row({ track, onPlay }: { track: Track | undefined; onPlay: () => void }) {
  if (track) return <TrackRow track={track} lead="cover" onPlay={onPlay} />;
  return (
    <div className="flex h-14 items-center gap-4">
      <div className="skeleton size-11" />
      <div className="skeleton h-4 w-2/5" />
    </div>
  );
}
