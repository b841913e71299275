import type { PlayerState, QueueTrack } from '@quicksync/player';

import { usePlayer, usePlayerState } from '../../playback/PlayerContext.tsx';
import { words } from '../../strings/words.ts';
import { longTime } from '../../strings/time.ts';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { QueueRow } from './QueueRow.tsx';

const queueOf = (state: PlayerState) => state.queue;
const indexOf = (state: PlayerState) => state.index;
const lengthOf = (tracks: readonly QueueTrack[]) =>
  tracks.reduce((sum, track) => sum + (track.duration ?? 0), 0);

export function QueuePage() {
  const player = usePlayer();
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
  const hasNext = index + 1 < queue.length;
  const clear = () => player.updateQueue(queue.slice(0, index + 1), index);
  const about = `${words.library.tracks(queue.length)}, ${longTime(lengthOf(queue))}`;
  return (
    <Page
      title={words.queue.title}
      about={about}
      actions={hasNext && <Button onClick={clear}>{words.queue.clear}</Button>}
    >
      <Stretch title={words.queue.now} queue={queue} from={index} to={index + 1} current={index} />
      <Stretch
        title={words.queue.next}
        queue={queue}
        from={index + 1}
        to={queue.length}
        current={index}
      />
      <Stretch title={words.queue.before} queue={queue} from={0} to={index} current={index} />
    </Page>
  );
}

interface StretchProps {
  readonly title: string;
  readonly queue: readonly QueueTrack[];
  readonly from: number;
  readonly to: number;
  readonly current: number;
}

/** A named part of the queue; nothing if it is empty. */
function Stretch({ title, queue, from, to, current }: StretchProps) {
  if (to <= from) return null;
  return (
    <section className="mb-10">
      <h2 className="label mb-2 text-soft">{title}</h2>
      <ol>
        {queue.slice(from, to).map((track, offset) => (
          <QueueRow
            key={`${track.id}/${from + offset}`}
            track={track}
            at={from + offset}
            current={current}
          />
        ))}
      </ol>
    </section>
  );
}
