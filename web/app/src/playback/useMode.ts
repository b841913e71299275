// A listener's choice of quality: the engine follows at once, the server remembers it.

import type { Mode } from '@quicksync/player';
import { useState } from 'react';

import { ask } from '../api/client.ts';
import { sentenceOf } from '../api/problem.ts';
import { usePlayer } from './PlayerContext.tsx';

export interface ModeDeeds {
  choose(mode: Mode): void;
  /** Why the last choice was not kept. */
  readonly problem: string | null;
}

export function useMode(): ModeDeeds {
  const player = usePlayer();
  const [problem, setProblem] = useState<string | null>(null);
  const choose = (mode: Mode) => {
    player.setMode(mode);
    setProblem(null);
    ask('/api/audio/quick-sync/preferences/', { method: 'PATCH', body: { mode } }).catch(
      (error: unknown) => setProblem(sentenceOf(error)),
    );
  };
  return { choose, problem };
}
