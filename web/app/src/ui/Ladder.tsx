// Four steps, as many of them filled as the quality has. The app's mark and its quality sign.

import { cx } from './cx.ts';

const HEIGHTS = ['h-[40%]', 'h-[60%]', 'h-[80%]', 'h-full'] as const;

interface LadderProps {
  /** 0 to 4. */
  readonly step: number;
  readonly className?: string;
}

export function Ladder({ step, className }: LadderProps) {
  return (
    <span aria-hidden="true" className={cx('inline-flex items-end gap-[2px]', className)}>
      {HEIGHTS.map((height, index) => (
        <span
          key={height}
          className={cx(
            'w-[3px] bg-current transition-opacity',
            height,
            index >= step && 'opacity-25',
          )}
        />
      ))}
    </span>
  );
}
