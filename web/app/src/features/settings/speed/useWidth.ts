// How wide an element is, as it changes: a drawing then has letters of one size on every screen.

import { useCallback, useState } from 'react';

/** Until it is measured. */
const ASSUMED_PX = 640;

/** Give the first to the element as its `ref`. */
export function useWidth(): [
  ref: (element: HTMLElement | null) => (() => void) | undefined,
  number,
] {
  const [width, setWidth] = useState(ASSUMED_PX);
  const ref = useCallback((element: HTMLElement | null) => {
    if (!element || typeof ResizeObserver === 'undefined') return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.floor(entry.contentRect.width));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}
