// A list of any length of which only the rows in view exist, in the flow of the page.

import { useEffect, useRef, type ReactNode } from 'react';

import { useRowWindow } from './useRowWindow.ts';
import type { Span } from './usePaged.ts';
import { useRoving } from './useRoving.ts';

interface VirtualRowsProps {
  readonly label: string;
  readonly count: number;
  /** In rem, so that it grows with the reader's letters. */
  readonly rowHeight: number;
  /** `isStop`: whether the Tab key stops at the row's controls. */
  readonly row: (index: number, isStop: boolean) => ReactNode;
  readonly onShow?: (span: Span) => void;
  /** Where the keyboard starts; the first row if not given. */
  readonly start?: number;
}

/** One stop of the Tab key; arrows, Home, End and the page keys move along the rows. */
export function VirtualRows(props: VirtualRowsProps) {
  const { label, count, rowHeight, row, onShow, start = 0 } = props;
  const list = useRef<HTMLUListElement>(null);
  const roving = useRoving(list, count, start);
  const { rows, top, height } = useRowWindow(list, count, rowHeight, roving.active);
  const items = rows.getVirtualItems();
  const [first = 0, last = 0] = [rows.range?.startIndex, rows.range?.endIndex];
  useEffect(() => onShow?.({ first, last }), [first, last, onShow]);
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
      {items.map((item) => (
        <li
          key={item.key}
          tabIndex={-1}
          data-row={item.index}
          aria-posinset={item.index + 1}
          aria-setsize={count}
          className="absolute inset-x-0 top-0 outline-none"
          style={{ height, transform: `translateY(${item.start - top}px)` }}
        >
          {row(item.index, item.index === roving.active)}
        </li>
      ))}
    </ul>
  );
}
