// Which rows of a long list are near the window, and where they stand.

import { defaultRangeExtractor, useWindowVirtualizer, type Range } from '@tanstack/react-virtual';
import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from 'react';

/** Kept ready beyond the window on each side, so that a flick finds it there: in rem, and in rows. */
const OVERSCAN_REM = 36;
const OVERSCAN_ROWS = 2;
/** What covers the foot of the window, in rem: player bar and tab bar. */
const COVERED_REM = 9.5;
const MARGIN_REM = 1;

/** Pixels of one rem, as the reader has set it. */
export const remInPixels = (): number =>
  parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;

/** `heightRem` of a row; `pinned`: a row that stays, since the keyboard is in it. */
export function useRowWindow(
  list: RefObject<HTMLElement | null>,
  count: number,
  heightRem: number,
  pinned: number,
) {
  const [top, setTop] = useState(0);
  const height = heightRem * remInPixels();
  useLayoutEffect(() => {
    const measure = () => {
      const box = list.current?.getBoundingClientRect();
      if (box) setTop(Math.round(box.top + window.scrollY));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [list]);
  const rangeExtractor = useCallback(
    (range: Range) => {
      const shown = defaultRangeExtractor(range);
      if (pinned >= count || shown.includes(pinned)) return shown;
      return pinned < range.startIndex ? [pinned, ...shown] : [...shown, pinned];
    },
    [pinned, count],
  );
  // oxlint-disable-next-line react/incompatible-library -- the compiler is not in use
  const rows = useWindowVirtualizer({
    count,
    estimateSize: () => height,
    overscan: Math.max(OVERSCAN_ROWS, Math.round(OVERSCAN_REM / heightRem)),
    scrollMargin: top,
    scrollPaddingStart: MARGIN_REM * remInPixels(),
    scrollPaddingEnd: COVERED_REM * remInPixels(),
    rangeExtractor,
    // Scroll events render before the next frame anyway.
    useFlushSync: false,
  });
  const measured = useRef(height);
  useLayoutEffect(() => {
    if (measured.current !== height) rows.measure();
    measured.current = height;
  }, [rows, height]);
  return { rows, top, height };
}
