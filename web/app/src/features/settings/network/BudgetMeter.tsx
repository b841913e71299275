import { useState } from 'react';

import type { BudgetRule, Month, Usage } from '../../../api/wire.ts';
import { size } from '../../../strings/size.ts';
import { dayOf } from '../../../strings/time.ts';
import { words } from '../../../strings/words.ts';
import { Meter } from '../../../ui/Meter.tsx';
import { Tone, type ToneName } from '../../../ui/Tone.tsx';
import { lowersAt, standingOf } from './budget.ts';

interface BudgetMeterProps {
  readonly rule: BudgetRule;
  readonly usage: readonly Usage[];
  readonly deviceId: string;
  /** As the server reckons it, which it does for the device that asks alone. */
  readonly month: Month | null;
}

const kindOf = (kind: string) => words.network.kinds[kind as keyof typeof words.network.kinds];

export function BudgetMeter({ rule, usage, deviceId, month }: BudgetMeterProps) {
  const [now] = useState(() => Date.now() / 1e3);
  const { usedBytes, leftBytes, byKind } = standingOf(rule, usage, deviceId, now);
  const lowers = month ? lowersAt(month) : null;
  const mark = lowers === null ? null : rule.monthly_bytes - lowers;
  const tone: ToneName = leftBytes === 0 ? 'poor' : month?.cap ? 'fair' : 'good';
  return (
    <div className="grid gap-3 border-y border-line py-4">
      <Meter
        label={words.network.used}
        text={words.network.usedOf(size(usedBytes), size(rule.monthly_bytes), size(leftBytes))}
        value={usedBytes}
        max={rule.monthly_bytes}
        mark={mark !== null && mark > 0 ? mark : null}
        tone={tone}
      />
      <ul className="numbers flex flex-wrap gap-x-6 gap-y-1 text-sm text-soft">
        {byKind.map(([kind, bytes]) => (
          <li key={kind}>
            {kindOf(kind)}: {size(bytes)}
          </li>
        ))}
        {byKind.length === 0 && <li>{words.network.nothingUsed}</li>}
      </ul>
      {month && <Tone tone={tone}>{outlook(month, lowers)}</Tone>}
    </div>
  );
}

/** What the server's reckoning means for the ears. */
function outlook(month: Month, lowers: number | null): string {
  const ends = dayOf(month.ends_at);
  if (month.cap) return words.network.loweredTo(month.cap, month.affordable_kbps, ends);
  return words.network.lowersAt(size(lowers ?? 0), ends);
}
