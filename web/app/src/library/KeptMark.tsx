// A sign beside a track that is kept on the device, or how much of it is.

import { useDownload } from '../offline/OfflineContext.tsx';
import { words } from '../strings/words.ts';
import { Icon } from '../ui/Icon.tsx';

export function KeptMark({ trackId }: { trackId: string }) {
  const download = useDownload(trackId);
  if (!download || download.stage === 'failed') return null;
  if (download.stage === 'kept') {
    return (
      <span className="shrink-0 text-accent" title={words.offline.kept}>
        <Icon name="offline" size={14} />
        <span className="sr-only">{words.offline.kept}</span>
      </span>
    );
  }
  return (
    <span className="numbers shrink-0 text-xs text-soft" title={words.offline.onItsWay}>
      {Math.round(download.share * 100)} %
    </span>
  );
}
