// The end of a list that has more pages: loads the next one when it comes into view.

import { useEffect, useRef } from 'react';

import { words } from '../strings/words.ts';
import { Button } from '../ui/Button.tsx';

interface MoreProps {
  readonly hasNextPage: boolean;
  readonly isFetching: boolean;
  readonly fetchNextPage: () => unknown;
}

export function More({ hasNextPage, isFetching, fetchNextPage }: MoreProps) {
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!end.current || !hasNextPage || isFetching) return;
    const seen = (entries: readonly IntersectionObserverEntry[]) => {
      if (entries.some((entry) => entry.isIntersecting)) fetchNextPage();
    };
    const observer = new IntersectionObserver(seen, { rootMargin: '800px' });
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [hasNextPage, isFetching, fetchNextPage]);
  if (!hasNextPage) return null;
  return (
    <div ref={end} className="grid place-items-center py-8">
      <Button disabled={isFetching} onClick={() => fetchNextPage()}>
        {isFetching ? words.library.loading : words.nav.more}
      </Button>
    </div>
  );
}
