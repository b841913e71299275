// The history of this page's playback, recorded from the first note on, whether anyone looks or not.

import { createContext, use, useEffect, useState, type ReactNode } from 'react';

import { usePlayer } from '../../playback/PlayerContext.tsx';
import { aheadOf } from '../../playback/buffered.ts';
import { History } from './history.ts';

const HistoryContext = createContext<History | null>(null);

export function HistoryProvider({ children }: { children: ReactNode }) {
  const player = usePlayer();
  const [history] = useState(() => new History());
  useEffect(
    () =>
      player.watch((event) => {
        history.see(event);
        history.level(aheadOf(player.state.buffered, player.state.position));
      }),
    [player, history],
  );
  return <HistoryContext value={history}>{children}</HistoryContext>;
}

/** Smooth enough for a moving line. */
const REFRESH_MS = 100;

/** The history; the component is drawn again when it has changed, at most ten times a second. */
export function useHistory(): History {
  const history = use(HistoryContext);
  if (!history) throw new Error('useHistory needs a HistoryProvider above it');
  const [, draw] = useState(history.version);
  useEffect(() => {
    const timer = setInterval(() => draw(history.version), REFRESH_MS);
    return () => clearInterval(timer);
  }, [history]);
  return history;
}
