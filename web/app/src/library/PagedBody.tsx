// A long list in each of its states: not there yet, failed, empty, or itself.

import type { ReactNode } from 'react';

import { Failure } from '../ui/Notice.tsx';
import { EmptyLibrary } from './EmptyLibrary.tsx';
import type { Paged } from './usePaged.ts';

interface PagedBodyProps {
  readonly list: Paged<unknown>;
  readonly skeleton: ReactNode;
  readonly children: ReactNode;
}

export function PagedBody({ list, skeleton, children }: PagedBodyProps) {
  if (list.error) return <Failure error={list.error} retry={list.retry} />;
  if (list.count === undefined) return skeleton;
  return list.count === 0 ? <EmptyLibrary /> : children;
}
