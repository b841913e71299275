import type { ReactNode } from 'react';

import { words } from '../../strings/words.ts';
import { Ladder } from '../../ui/Ladder.tsx';
import { useTitle } from '../../ui/Page.tsx';

interface AuthFrameProps {
  readonly title: string;
  readonly intro: string;
  readonly children: ReactNode;
}

/** The page before one is known: what this is on one side, one small form on the other. */
export function AuthFrame({ title, intro, children }: AuthFrameProps) {
  useTitle(title);
  return (
    <main className="grid min-h-dvh grid-rows-[auto_1fr] md:grid-cols-[3fr_2fr] md:grid-rows-1">
      <div className="relative grid content-between gap-16 overflow-hidden bg-accent px-6 pt-7 pb-24 text-on-accent md:p-12">
        <span className="flex items-end gap-2.5 font-bold tracking-tight">
          <Ladder step={4} className="h-5" />
          {words.name}
        </span>
        <p className="headline relative max-w-[13ch] text-4xl md:mb-[38vh] md:text-7xl">{intro}</p>
        <Skyline />
      </div>
      <div className="grid content-center px-6 py-10 md:p-12">
        <div className="mx-auto grid w-full max-w-sm gap-6">
          <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
          {children}
        </div>
      </div>
    </main>
  );
}

const HEIGHTS = [3, 5, 4, 7, 6, 8, 8, 5, 9, 10, 8, 12] as const;

/** Quality over time, as the seek bar draws it: a commute, say. */
function Skyline() {
  return (
    <svg
      viewBox="0 0 12 12"
      preserveAspectRatio="none"
      aria-hidden="true"
      className="absolute inset-x-0 bottom-0 h-16 w-full md:h-[36%]"
    >
      {HEIGHTS.map((height, x) => (
        <rect
          key={x}
          x={x}
          y={12 - height}
          width="1.01"
          height={height}
          fill="currentColor"
          opacity={0.1 + height * 0.035}
        />
      ))}
    </svg>
  );
}
