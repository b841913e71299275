import type { ComponentProps } from 'react';

import { cx } from './cx.ts';
import { Icon, type IconName } from './Icon.tsx';

const LOOKS = {
  solid: 'bg-accent text-on-accent hover:opacity-90',
  plain: 'border border-line text-ink hover:border-faint hover:bg-raised',
  danger: 'border border-line text-danger hover:border-danger',
} as const;

interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: keyof typeof LOOKS;
  readonly icon?: IconName;
}

export function Button({ look = 'plain', icon, className, children, ...rest }: ButtonProps) {
  const shape =
    'inline-flex min-h-10 items-center justify-center gap-2 rounded-full px-5 text-sm ' +
    'font-semibold transition-colors disabled:opacity-50';
  return (
    <button type="button" {...rest} className={cx(shape, LOOKS[look], className)}>
      {icon && <Icon name={icon} size={16} />}
      {children}
    </button>
  );
}

interface IconButtonProps extends ComponentProps<'button'> {
  readonly icon: IconName;
  /** What it does; shown as a tooltip and read out. */
  readonly label: string;
  readonly size?: number;
}

export function IconButton({ icon, label, size = 20, className, ...rest }: IconButtonProps) {
  const shape =
    'inline-grid size-10 shrink-0 place-items-center rounded-full text-soft transition-colors ' +
    'hover:bg-sunk hover:text-ink disabled:opacity-35 disabled:hover:bg-transparent';
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={cx(shape, className)}
    >
      <Icon name={icon} size={size} />
    </button>
  );
}
