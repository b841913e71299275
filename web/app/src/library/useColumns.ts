// How many tiles stand side by side in a list, and how wide each is.

import { useLayoutEffect, useState, type RefObject } from 'react';

import { remInPixels } from './useRowWindow.ts';

export interface Columns {
  readonly columns: number;
  readonly tileRem: number;
  readonly gapRem: number;
}

/** From this width on tiles are larger and have more air, in rem: where a phone ends. */
const WIDE_REM = 40;
const NARROW = { least: 8.75, gapRem: 1 };
const WIDE = { least: 12, gapRem: 1.5 };

/** As many tiles of at least the least width as there is room for. Pure. */
export function columnsOf(widthRem: number): Columns {
  const { least, gapRem } = widthRem < WIDE_REM ? NARROW : WIDE;
  const columns = Math.max(1, Math.floor((widthRem + gapRem) / (least + gapRem)));
  return { columns, gapRem, tileRem: (widthRem - gapRem * (columns - 1)) / columns };
}

export function useColumns(list: RefObject<HTMLElement | null>): Columns {
  const [widthRem, setWidthRem] = useState(0);
  useLayoutEffect(() => {
    const measure = () => setWidthRem((list.current?.clientWidth ?? 0) / remInPixels());
    measure();
    const observer = new ResizeObserver(measure);
    if (list.current) observer.observe(list.current);
    return () => observer.disconnect();
  }, [list]);
  // Before the first layout, and where there is none: as on a wide screen.
  return columnsOf(widthRem || 60);
}
