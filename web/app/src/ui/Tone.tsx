// How well something is, by shape, colour and words: never by colour alone.

import { cx } from './cx.ts';

export type ToneName = 'good' | 'fair' | 'poor';

const MARKS: Readonly<Record<ToneName, string>> = {
  good: 'rounded-full bg-high',
  fair: 'rotate-45 rounded-[2px] bg-medium',
  poor: 'rounded-[2px] bg-danger',
};

export function Tone({ tone, children }: { tone: ToneName; children: string }) {
  return (
    <span className="inline-flex items-center gap-2 text-sm">
      <span aria-hidden="true" className={cx('size-2.5 shrink-0', MARKS[tone])} />
      {children}
    </span>
  );
}
