// A quantity within its bounds: a bar that says in words what it shows.

import { cx } from './cx.ts';
import type { ToneName } from './Tone.tsx';

interface MeterProps {
  readonly label: string;
  /** What it says beside the bar, and to who cannot see it. */
  readonly text: string;
  readonly value: number;
  readonly max: number;
  /** Where something begins; drawn as a line. */
  readonly mark?: number | null;
  readonly tone?: ToneName;
}

const FILLS: Readonly<Record<ToneName, string>> = {
  good: 'bg-high',
  fair: 'bg-medium',
  poor: 'bg-danger',
};

export function Meter({ label, text, value, max, mark = null, tone = 'good' }: MeterProps) {
  const share = (part: number) => `${Math.min(100, Math.max(0, (part / max) * 100))}%`;
  return (
    <div className="grid gap-1.5">
      <div className="flex justify-between gap-4 text-sm">
        <span className="font-medium">{label}</span>
        <span className="numbers text-soft">{text}</span>
      </div>
      <meter
        aria-label={label}
        aria-valuetext={text}
        min={0}
        max={Math.round(max)}
        value={Math.round(Math.min(value, max))}
        className="sr-only"
      />
      <div aria-hidden="true" className="relative h-2.5 bg-sunk">
        <span
          className={cx('absolute inset-y-0 left-0', FILLS[tone])}
          style={{ width: share(value) }}
        />
        {mark !== null && (
          <span className="absolute -inset-y-1 w-0.5 bg-ink" style={{ left: share(mark) }} />
        )}
      </div>
    </div>
  );
}
