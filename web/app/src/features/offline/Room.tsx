// How much of the browser's room is in use, in which quality copies are kept, and what they need.

import type { OfflineUsage } from '@quicksync/player/offline';
import { Link } from '@tanstack/react-router';

import { useOfflineQuality } from '../../offline/useOfflineQuality.ts';
import { size } from '../../strings/size.ts';
import { words } from '../../strings/words.ts';

export function Room({ usage }: { usage: OfflineUsage | null }) {
  const quality = useOfflineQuality();
  return (
    <footer className="grid max-w-prose gap-4 text-sm text-soft">
      <Meter usage={usage} />
      <p>
        {words.offline.quality(words.quality.names[quality])}{' '}
        <Link to="/settings" search={{ tab: 'downloads' }} className="text-accent underline">
          {words.offline.change}
        </Link>
      </p>
      {!globalThis.isSecureContext && <p>{words.offline.insecure}</p>}
    </footer>
  );
}

function Meter({ usage }: { usage: OfflineUsage | null }) {
  const { usedBytes = null, quotaBytes = null } = usage ?? {};
  if (usedBytes === null || quotaBytes === null) return null;
  const text = words.offline.room(size(usedBytes), size(quotaBytes));
  return (
    <div className="grid gap-2">
      <p className="numbers">{text}</p>
      <div aria-hidden="true" className="h-1.5 overflow-hidden bg-line">
        <div
          className="h-full min-w-px bg-accent"
          style={{ width: `${Math.min(100, (usedBytes / Math.max(1, quotaBytes)) * 100)}%` }}
        />
      </div>
    </div>
  );
}
