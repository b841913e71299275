// The room that music kept on this device takes, and how to have it back.

import { Link } from '@tanstack/react-router';

import { useDownloads, useDownloadsState } from '../../../offline/OfflineContext.tsx';
import { size } from '../../../strings/size.ts';
import { words } from '../../../strings/words.ts';
import { Button } from '../../../ui/Button.tsx';
import { Meter } from '../../../ui/Meter.tsx';
import { Section } from '../Section.tsx';

const { library } = words;
/** From here on the room is nearly used up. */
const TIGHT = 0.9;

export function Storage() {
  const downloads = useDownloads();
  const { status, tracks, usage } = useDownloadsState();
  const said = words.downloads.storage;
  const { bytes = 0, usedBytes, quotaBytes } = usage ?? {};
  const clear = () => {
    const ids = tracks.map(({ track }) => track.id);
    if (confirm(said.question(ids.length))) downloads.remove(ids);
  };
  return (
    <Section title={said.title} about={said.about}>
      {status === 'missing' && <p className="text-soft">{words.offline.missing}</p>}
      {status === 'ready' && (
        <>
          <p className="numbers text-2xl font-semibold tracking-tight">
            {said.music(library.tracks(tracks.length), size(bytes))}
          </p>
          {typeof usedBytes === 'number' && typeof quotaBytes === 'number' && (
            <Meter
              label={said.room}
              text={said.roomOf(size(usedBytes), size(quotaBytes))}
              value={usedBytes}
              max={Math.max(1, quotaBytes)}
              tone={usedBytes > quotaBytes * TIGHT ? 'poor' : 'good'}
            />
          )}
          <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
            <Button look="danger" disabled={tracks.length === 0} onClick={clear}>
              {said.clear}
            </Button>
            <Link to="/offline" className="text-accent underline-offset-4 hover:underline">
              {said.see}
            </Link>
          </div>
        </>
      )}
    </Section>
  );
}
