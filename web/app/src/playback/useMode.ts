// A listener's choice of quality: shown and followed at once, kept by the server.

import type { Mode } from '@quicksync/player';
import { useQuickSync } from '@quicksync/react';
import { useState } from 'react';

import { sentenceOf } from '../api/problem.ts';

export interface ModeDeeds {
  /** The choice in force; auto until it is known. */
  readonly mode: Mode;
  choose(mode: Mode): void;
  /** Why the last choice was not kept. */
  readonly problem: string | null;
}

export function useMode(): ModeDeeds {
  const { preferences, updatePreferences } = useQuickSync();
  const [problem, setProblem] = useState<string | null>(null);
  const choose = (mode: Mode) => {
    setProblem(null);
    updatePreferences({ mode }).catch((error: unknown) => {
      setProblem(error instanceof Error ? error.message : sentenceOf(error));
    });
  };
  return { mode: preferences?.mode ?? 'auto', choose, problem };
}
