// The keyboard in a long list: one row of it is a stop of the Tab key, and arrows move that row.

import {
  useLayoutEffect,
  useRef,
  useState,
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
} from 'react';

import { stepOf } from './rovingKeys.ts';

interface Scroller {
  scrollToIndex(index: number): void;
  readonly range: { readonly startIndex: number; readonly endIndex: number } | null;
}

export function useRoving(
  list: RefObject<HTMLElement | null>,
  count: number,
  start: number,
  columns = 1,
) {
  const [moved, setMoved] = useState<number | null>(null);
  const active = Math.max(0, Math.min(moved ?? start, count - 1));
  /** Which control of a row the keyboard is on: the same one in the next row. */
  const column = useRef(0);
  const follows = useRef(false);
  useLayoutEffect(() => {
    if (!follows.current) return;
    const controls = controlsOf(list.current, active);
    // A row that is not there yet holds the keyboard until it is.
    const target = controls.at(column.current) ?? controls[0] ?? rowAt(list.current, active);
    target?.focus({ preventScroll: true });
    follows.current = controls.length === 0;
  });
  const press = (event: KeyboardEvent, rows: Scroller) => {
    const { startIndex = 0, endIndex = 0 } = rows.range ?? {};
    const at = rowOf(event.target);
    const next =
      at === null
        ? null
        : stepOf(event, { at, count, columns, page: (endIndex - startIndex) * columns });
    if (next === null || at === null) return;
    event.preventDefault();
    column.current = Math.max(0, controlsOf(list.current, at).indexOf(event.target as HTMLElement));
    follows.current = true;
    setMoved(next);
    rows.scrollToIndex(next);
  };
  /** By Tab or by a press: the keyboard goes on from here. */
  const enter = (event: FocusEvent) => setMoved(rowOf(event.target) ?? active);
  const leave = (event: FocusEvent) => {
    if (!list.current?.contains(event.relatedTarget)) follows.current = false;
  };
  return { active, press, enter, leave };
}

function rowOf(target: EventTarget): number | null {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null;
  return row ? Number(row.dataset['row']) : null;
}

const rowAt = (list: HTMLElement | null, row: number): HTMLElement | null =>
  list?.querySelector<HTMLElement>(`[data-row="${row}"]`) ?? null;

const controlsOf = (list: HTMLElement | null, row: number): HTMLElement[] =>
  Array.from(rowAt(list, row)?.querySelectorAll<HTMLElement>('a, button') ?? []);
