// The history of this page's playback, recorded from the first note on, whether anyone looks or not;
// and when whoever looks is shown the next of it.

import {
  createContext,
  use,
  useEffect,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';

import { usePlayer } from '../../playback/PlayerContext.tsx';
import { aheadOf } from '../../playback/buffered.ts';
import { History } from './history.ts';
import { Ticker } from './ticker.ts';

interface Recorded {
  readonly history: History;
  readonly ticker: Ticker;
}

const HistoryContext = createContext<Recorded | null>(null);

export function HistoryProvider({ children }: { children: ReactNode }) {
  const player = usePlayer();
  const [recorded] = useState((): Recorded => {
    const history = new History();
    return { history, ticker: new Ticker(() => history.version) };
  });
  useEffect(() => {
    const { history } = recorded;
    return player.watch((event) => {
      history.see(event);
      history.level(aheadOf(player.state.buffered, player.state.position));
      history.expect(player.state.estimate);
    });
  }, [player, recorded]);
  return <HistoryContext value={recorded}>{children}</HistoryContext>;
}

function useRecorded(): Recorded {
  const recorded = use(HistoryContext);
  if (!recorded) throw new Error('useHistory needs a HistoryProvider above it');
  return recorded;
}

/** The history; the component is drawn again when it has changed, at the ticker's pace. */
export function useHistory(): History {
  const { history, ticker } = useRecorded();
  useSyncExternalStore(ticker.subscribe, ticker.shown);
  return history;
}

/** Whether the page stands still, and how to change that. */
export function useFreeze(): readonly [boolean, (frozen: boolean) => void] {
  const { ticker } = useRecorded();
  const frozen = useSyncExternalStore(ticker.subscribe, ticker.isFrozen);
  return [frozen, ticker.freeze];
}
