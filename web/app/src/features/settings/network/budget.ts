// Where a month's data stands, of any device of the listener. Pure.

import type { BudgetRule, Month, Usage } from '../../../api/wire.ts';

export interface Standing {
  readonly usedBytes: number;
  readonly leftBytes: number;
  /** Bytes by kind of network, the most first. */
  readonly byKind: readonly (readonly [kind: string, bytes: number])[];
}

/** When the month of a rule began, Unix seconds: days are the ledger's, in UTC. */
export function monthBegan(startsOnDay: number, nowS: number): number {
  const now = new Date(nowS * 1e3);
  const months = now.getUTCDate() >= startsOnDay ? 0 : 1;
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, startsOnDay) / 1e3;
}

export function standingOf(
  rule: BudgetRule,
  usage: readonly Usage[],
  deviceId: string,
  nowS: number,
): Standing {
  const began = monthBegan(rule.starts_on_day, nowS);
  const counts = ({ is_metered, network_kind }: Usage) =>
    rule.counts === 'all' || is_metered || network_kind === 'cellular';
  const mine = usage.filter(({ device_id, day_at }) => device_id === deviceId && day_at >= began);
  const counted = mine.filter(counts);
  const kinds = new Map<string, number>();
  for (const { network_kind: kind, bytes } of counted) {
    kinds.set(kind, (kinds.get(kind) ?? 0) + bytes);
  }
  const usedBytes = counted.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    usedBytes,
    leftBytes: Math.max(0, rule.monthly_bytes - usedBytes),
    byKind: Array.from(kinds).toSorted((a, b) => b[1] - a[1]),
  };
}

/** The rate of the highest quality. */
const ULTRA_KBPS = 320;

/**
 * With how many bytes left the month can no longer afford the highest quality, as of now: what can
 * be afforded is what is left over what is likely to be heard, so it falls in step with what is
 * left. Null where nothing is left to lower it from.
 */
export function lowersAt({ left_bytes: left, affordable_kbps: affordable }: Month): number | null {
  return affordable > 0 ? (left * ULTRA_KBPS) / affordable : null;
}
