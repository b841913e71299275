import { usePlayer } from '../../playback/PlayerContext.tsx';
import { words } from '../../strings/words.ts';
import { Button } from '../../ui/Button.tsx';
import { save } from './download.ts';
import { decisionsCsv, transfersCsv } from './figures.ts';
import { useFreeze, useHistory } from './HistoryContext.tsx';

/** What was recorded, to take away; and a page that stands still, to read it. */
export function Exports() {
  const player = usePlayer();
  const history = useHistory();
  const [frozen, freeze] = useFreeze();
  return (
    <div className="flex flex-wrap gap-3">
      <Button aria-pressed={frozen} onClick={() => freeze(!frozen)}>
        {frozen ? words.stats.goOn : words.stats.freeze}
      </Button>
      <Button onClick={() => save('quicksync-decisions.log', 'text/plain', player.decisionLog())}>
        {words.stats.saveLog}
      </Button>
      <Button
        onClick={() => save('quicksync-decisions.csv', 'text/csv', decisionsCsv(history.decisions))}
      >
        {words.stats.saveDecisions}
      </Button>
      <Button
        onClick={() => save('quicksync-transfers.csv', 'text/csv', transfersCsv(history.transfers))}
      >
        {words.stats.saveTransfers}
      </Button>
    </div>
  );
}
