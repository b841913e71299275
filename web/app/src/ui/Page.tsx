// The frame of a page: its title, a line about it, and what can be done there.

import { useEffect, type ReactNode } from 'react';

import { words } from '../strings/words.ts';

interface PageProps {
  readonly title: string;
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} – ${words.name}` : words.name;
  }, [title]);
}

export function Page({ title, about, actions, children }: PageProps) {
  useTitle(title);
  return (
    <>
      <header className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-4 md:mb-10">
        <div className="grid gap-2">
          <h1 className="headline text-4xl md:text-6xl">{title}</h1>
          {about && <p className="numbers text-sm text-soft">{about}</p>}
        </div>
        {actions}
      </header>
      {children}
    </>
  );
}
