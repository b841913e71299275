// What happened, with what is told every few seconds drawn together: pure.

import type { SessionEvent } from '../../api/wire.ts';

export type Happening = Pick<SessionEvent, 'type' | 'detail' | 'at'>;

const number = (detail: unknown, name: string): number => {
  const value = (detail as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'number' ? value : 0;
};

/**
 * Stretches of one quality become one event, and so do the loads within them: a line for each
 * segment would bury what matters.
 */
export function runsOf(events: readonly SessionEvent[]): Happening[] {
  const runs: Happening[] = [];
  let [heard, loaded] = [-1, -1];
  for (const event of events) {
    const { type, detail } = event;
    const last = runs[type === 'heard' ? heard : type === 'fetched' ? loaded : -1];
    const sums = type === 'heard' ? 'duration_ms' : 'bytes';
    const goesOn = last && last.detail['quality'] === detail['quality'];
    if (goesOn) {
      const sum = number(last.detail, sums) + number(detail, sums);
      const at = runs.indexOf(last);
      runs[at] = { ...last, detail: { ...last.detail, [sums]: sum } as Happening['detail'] };
      continue;
    }
    // Whatever else happens ends what went on before it.
    if (type !== 'fetched' && type !== 'heard') [heard, loaded] = [-1, -1];
    if (type === 'heard') [heard, loaded] = [runs.length, -1];
    if (type === 'fetched') loaded = runs.length;
    runs.push(event);
  }
  return runs;
}
