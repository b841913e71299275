// Sentences in place of content: a failure with a way on, or an emptiness with a way out.

import type { ReactNode } from 'react';

import { sentenceOf } from '../api/problem.ts';
import { words } from '../strings/words.ts';
import { Button } from './Button.tsx';

export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  return (
    <div role="alert" className="grid max-w-prose justify-items-start gap-4 py-8">
      <p className="text-lg">{sentenceOf(error)}</p>
      {retry && <Button onClick={retry}>{words.errors.retry}</Button>}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="grid max-w-prose gap-4 py-10">
      <h2 className="headline text-3xl">{title}</h2>
      <div className="grid gap-4 text-soft">{children}</div>
    </div>
  );
}
