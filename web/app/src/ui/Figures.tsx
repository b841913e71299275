// A few numbers with their names, side by side.

import type { ReactNode } from 'react';

export function FigureRow({ children }: { children: ReactNode }) {
  return (
    <dl className="numbers grid grid-cols-2 gap-5 border-y border-line py-4 sm:grid-cols-3 lg:grid-cols-6">
      {children}
    </dl>
  );
}

export function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex flex-col justify-between gap-1">
      <dt className="label text-faint">{name}</dt>
      <dd className="text-lg font-medium">{children}</dd>
    </div>
  );
}
