import type { ReactNode } from 'react';

interface SectionProps {
  readonly title: string;
  readonly about?: string;
  readonly children: ReactNode;
}

/** A titled part of a settings page. */
export function Section({ title, about, children }: SectionProps) {
  return (
    <section className="mb-12 grid gap-4">
      <h2 className="text-xl font-semibold tracking-tight">{title}</h2>
      {about && <p className="max-w-prose text-soft">{about}</p>}
      {children}
    </section>
  );
}
