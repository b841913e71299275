import type { ReactNode } from 'react';

interface FileLinkProps {
  readonly href: string;
  /** What the file is called once it is here. */
  readonly name: string;
  readonly children: ReactNode;
}

/** Looks like a button, and leaves the file to the browser. */
export function FileLink({ href, name, children }: FileLinkProps) {
  return (
    <a
      href={href}
      download={name}
      className="inline-flex min-h-10 items-center rounded-full border border-line px-5 text-sm font-semibold hover:border-faint hover:bg-raised"
    >
      {children}
    </a>
  );
}
