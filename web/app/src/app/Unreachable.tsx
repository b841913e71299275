// Says while the server is gone that it is, and looks whether it is back.

import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';

import { ask } from '../api/client.ts';
import { useReachable } from '../api/reach.ts';
import { useDownloadsState } from '../offline/OfflineContext.tsx';
import { words } from '../strings/words.ts';
import { Banner, BANNER_LINK } from './Banner.tsx';

const LOOK_MS = 5000;

export function Unreachable() {
  const isReachable = useReachable();
  useReturn(isReachable);
  const { tracks } = useDownloadsState();
  if (isReachable) return null;
  const hasKept = tracks.some(({ stage }) => stage === 'kept');
  return (
    <Banner>
      <p className="py-1.5">
        {hasKept ? words.offline.unreachableKept : words.offline.unreachable}
      </p>
      {hasKept && (
        <Link to="/offline" className={BANNER_LINK}>
          {words.offline.show}
        </Link>
      )}
    </Banner>
  );
}

/** Once the server answers again, what failed meanwhile is asked anew. */
function useReturn(isReachable: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (isReachable) return;
    // Any answer will do, a refusal too.
    const look = () => void ask('/api/auth/me/').catch(() => undefined);
    const timer = setInterval(look, LOOK_MS);
    addEventListener('online', look);
    return () => {
      clearInterval(timer);
      removeEventListener('online', look);
      void client.invalidateQueries();
    };
  }, [isReachable, client]);
}
