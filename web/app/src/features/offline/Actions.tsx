import { useState } from 'react';

import type { Download } from '../../offline/downloads.ts';
import { useDownloads } from '../../offline/OfflineContext.tsx';
import { usePlayer } from '../../playback/PlayerContext.tsx';
import { words } from '../../strings/words.ts';
import { Button } from '../../ui/Button.tsx';
import { InstallButton } from './InstallButton.tsx';

const { library } = words;

interface ActionsProps {
  readonly kept: readonly Download[];
  readonly coming: readonly Download[];
}

export function Actions({ kept, coming }: ActionsProps) {
  const player = usePlayer();
  const downloads = useDownloads();
  const [isAsking, ask] = useState(false);
  const idsOf = (some: readonly Download[]) => some.map(({ track }) => track.id);
  const playAll = () =>
    player.load(
      kept.map(({ track }) => track),
      0,
      { play: true },
    );
  if (isAsking) {
    const remove = () => {
      downloads.remove(idsOf([...kept, ...coming]));
      ask(false);
    };
    return <Sure count={kept.length + coming.length} onYes={remove} onNo={() => ask(false)} />;
  }
  return (
    <div className="flex flex-wrap gap-3">
      {kept.length > 0 && (
        <Button look="solid" icon="play" onClick={playAll}>
          {library.playAll}
        </Button>
      )}
      {coming.some(({ stage }) => stage === 'failed') && (
        <Button onClick={() => downloads.retry()}>{words.offline.retry}</Button>
      )}
      {coming.length > 0 && (
        <Button onClick={() => downloads.remove(idsOf(coming))}>{words.offline.stopAll}</Button>
      )}
      {kept.length > 0 && <Button onClick={() => ask(true)}>{words.offline.removeAll}</Button>}
      <InstallButton />
    </div>
  );
}

interface SureProps {
  readonly count: number;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

function Sure({ count, onYes, onNo }: SureProps) {
  return (
    <div role="alert" className="flex flex-wrap items-center gap-3">
      <p>{words.offline.sure(count)}</p>
      <Button look="danger" onClick={onYes}>
        {words.offline.yes}
      </Button>
      {/* The answer that loses nothing is at hand. */}
      <Button ref={(button) => button?.focus()} onClick={onNo}>
        {words.offline.no}
      </Button>
    </div>
  );
}
