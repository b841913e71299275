// Which time and whose listening the page is about, from its address. Pure.

import type { Span } from '../../api/queries.ts';

export const DAYS = [7, 30, 90, 365] as const;
const DEFAULT_DAYS = 30;

/** Whoever may not see everyone sees themselves, whatever the address says. */
export function spanOf(search: { days?: string; of?: string }, isAdmin: boolean): Span {
  const asked = Number(search.days);
  const days = DAYS.find((one) => one === asked) ?? DEFAULT_DAYS;
  return { days, everyone: isAdmin && search.of === 'everyone' };
}
