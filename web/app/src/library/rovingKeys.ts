// Where a key leads from one row of a list to another. Pure.

export interface Place {
  readonly at: number;
  readonly count: number;
  /** Rows in view. */
  readonly page: number;
  /** Tiles side by side; 1 if not given. */
  readonly columns?: number;
}

interface Press {
  readonly key: string;
  readonly ctrlKey?: boolean;
  readonly metaKey?: boolean;
  readonly altKey?: boolean;
}

/** The row to go to; null where the key means nothing here or there is nowhere to go. */
export function stepOf(press: Press, { at, count, page, columns = 1 }: Place): number | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: columns,
    ArrowUp: -columns,
    PageDown: Math.max(columns, page),
    PageUp: -Math.max(columns, page),
    Home: -at,
    End: count - 1 - at,
    ...(columns > 1 ? { ArrowLeft: -1, ArrowRight: 1 } : {}),
  };
  const step = steps[press.key];
  if (step === undefined) return null;
  return Math.max(0, Math.min(count - 1, at + step));
}
