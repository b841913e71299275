import type { ReactNode } from 'react';

/** A line above the player bar: something to know, and something to do about it. */
export function Banner({ children }: { children: ReactNode }) {
  return (
    <output className="flex flex-wrap items-center gap-x-5 border-t border-line bg-sunk px-4 py-1 text-sm md:px-5">
      {children}
    </output>
  );
}

export const BANNER_LINK =
  'inline-flex min-h-9 items-center font-semibold text-accent underline underline-offset-4';
