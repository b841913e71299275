import type { PlayerState } from '@quicksync/player';
import { useCallback } from 'react';

import { VirtualRows } from '../../library/VirtualRows.tsx';
import { usePlayer, usePlayerState } from '../../playback/PlayerContext.tsx';
import { words } from '../../strings/words.ts';
import { longTime } from '../../strings/time.ts';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { lengthOf, shuffled, type Queue } from './edit.ts';
import { QueueRow } from './QueueRow.tsx';

const queueOf = (state: PlayerState) => state.queue;
const indexOf = (state: PlayerState) => state.index;

export function QueuePage() {
  const queue = usePlayerState(queueOf);
  const index = usePlayerState(indexOf);
  if (queue.length === 0) {
    return (
      <Page title={words.queue.title}>
        <Empty title={words.queue.empty}>
          <p>{words.queue.emptyHow}</p>
        </Empty>
      </Page>
    );
  }
  const about = `${words.library.tracks(queue.length)}, ${longTime(lengthOf(queue))}`;
  return (
    <Page
      title={words.queue.title}
      about={about}
      actions={index + 1 < queue.length && <Actions queue={queue} index={index} />}
    >
      <Stretch title={words.queue.now} from={index} to={index + 1} current={index} />
      <Stretch title={words.queue.next} from={index + 1} to={queue.length} current={index} />
      <Stretch title={words.queue.before} from={0} to={index} current={index} />
    </Page>
  );
}

function Actions({ queue, index }: Queue) {
  const player = usePlayer();
  const clear = () => player.updateQueue(queue.slice(0, index + 1), index);
  const shuffle = () => player.updateQueue(shuffled({ queue, index }, Math.random).queue, index);
  return (
    <div className="flex flex-wrap gap-3">
      <Button disabled={index + 2 >= queue.length} onClick={shuffle}>
        {words.queue.shuffle}
      </Button>
      <Button onClick={clear}>{words.queue.clear}</Button>
    </div>
  );
}

/** A `QueueRow` and the line below it, in rem. */
const ROW = 3.5625;

interface StretchProps {
  readonly title: string;
  readonly from: number;
  readonly to: number;
  readonly current: number;
}

/** A named part of the queue; nothing if it is empty. */
function Stretch({ title, from, to, current }: StretchProps) {
  const queue = usePlayerState(queueOf);
  const row = useCallback(
    (offset: number, isStop: boolean) => {
      const track = queue[from + offset];
      return track && <QueueRow track={track} at={from + offset} {...{ current, isStop }} />;
    },
    [queue, from, current],
  );
  if (to <= from) return null;
  return (
    <section className="mb-10">
      <h2 className="label mb-2 text-soft">{title}</h2>
      <VirtualRows label={title} count={to - from} rowHeight={ROW} row={row} />
    </section>
  );
}
