// What is kept on this device: it plays without a network and without the server.

import { useCallback } from 'react';

import { VirtualRows } from '../../library/VirtualRows.tsx';
import type { Download } from '../../offline/downloads.ts';
import { useDownloadsState } from '../../offline/OfflineContext.tsx';
import { size } from '../../strings/size.ts';
import { words } from '../../strings/words.ts';
import { Empty } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Actions } from './Actions.tsx';
import { OfflineRow } from './OfflineRow.tsx';
import { Room } from './Room.tsx';

export function OfflinePage() {
  const { status, tracks, usage } = useDownloadsState();
  const kept = tracks.filter(({ stage }) => stage === 'kept');
  const coming = tracks.filter(({ stage }) => stage !== 'kept');
  const about = kept.length > 0 && words.offline.about(kept.length, size(usage?.bytes ?? 0));
  return (
    <Page
      title={words.offline.title}
      about={about || undefined}
      actions={<Actions kept={kept} coming={coming} />}
    >
      {status === 'missing' && <p className="max-w-prose text-lg">{words.offline.missing}</p>}
      {status === 'opening' && <output className="text-soft">{words.offline.opening}</output>}
      {status === 'ready' && tracks.length === 0 && (
        <Empty title={words.offline.empty}>
          <p>{words.offline.emptyHow}</p>
        </Empty>
      )}
      <Part title={words.offline.onItsWay} tracks={coming} playable={kept} />
      <Part title={words.offline.here} tracks={kept} playable={kept} />
      {status === 'ready' && <Room usage={usage} />}
    </Page>
  );
}

/** An `OfflineRow` and the line below it, in rem. */
const ROW = 3.5625;

interface PartProps {
  readonly title: string;
  readonly tracks: readonly Download[];
  readonly playable: readonly Download[];
}

function Part({ title, tracks, playable }: PartProps) {
  const row = useCallback(
    (index: number, isStop: boolean) => {
      const download = tracks[index];
      return download && <OfflineRow download={download} playable={playable} isStop={isStop} />;
    },
    [tracks, playable],
  );
  if (tracks.length === 0) return null;
  return (
    <section className="mb-10">
      <h2 className="label mb-2 text-soft">{title}</h2>
      <VirtualRows label={title} count={tracks.length} rowHeight={ROW} row={row} />
    </section>
  );
}
