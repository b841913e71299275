// What a player's figures were over the last two minutes.

import type { Player, PlayerState, Quality } from '@quicksync/player';
import { useEffect, useState } from 'react';

const EVERY_MS = 500;
export const SPAN_S = 120;
const MOST_DECISIONS = 6;

export interface Sample {
  /** Seconds since the page began. */
  readonly at_s: number;
  readonly throughput_kbps: number | null;
  readonly quality_kbps: number | null;
  readonly ahead_s: number;
}

export interface Decision {
  readonly key: number;
  readonly quality: Quality;
  readonly reason: string;
}

export interface History {
  readonly samples: readonly Sample[];
  /** The latest first. */
  readonly decisions: readonly Decision[];
}

const NOTHING: History = { samples: [], decisions: [] };

interface Kept extends History {
  readonly player: Player | null;
}

/** Media from the playhead on without a gap, seconds. */
export function ahead({ buffered, position }: PlayerState): number {
  const NEAR_S = 0.05;
  let until: number = position;
  for (const { start, end } of buffered) {
    if (start <= until + NEAR_S && end > until) until = end;
  }
  return until - position;
}

export const sampleOf = (state: PlayerState, at_s: number): Sample => ({
  at_s,
  throughput_kbps: state.throughput,
  quality_kbps: state.playing?.bitrateKbps ?? null,
  ahead_s: ahead(state),
});

/** Grows while the page is seen; empty again for another player. */
export function useHistory(player: Player | null): History {
  const [kept, setKept] = useState<Kept>({ player: null, ...NOTHING });
  useEffect(() => {
    if (!player) return;
    const add = (change: (history: History) => Partial<History>) =>
      setKept((before) => {
        const history = before.player === player ? before : NOTHING;
        return { ...NOTHING, ...history, ...change(history), player };
      });
    let count = 0;
    const look = () => {
      if (document.visibilityState === 'hidden') return;
      const sample = sampleOf(player.state, performance.now() / 1e3);
      add(({ samples }) => ({
        samples: [...samples.filter(({ at_s }) => at_s > sample.at_s - SPAN_S), sample],
      }));
    };
    look();
    const timer = setInterval(look, EVERY_MS);
    const stop = player.watch((event) => {
      if (!('output' in event) || event.output.type === 'play') return;
      const { quality, reason } = event.output;
      const decision = { key: (count += 1), quality, reason };
      add(({ decisions }) => ({
        decisions: [decision, ...decisions].slice(0, MOST_DECISIONS),
      }));
    });
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [player]);
  return kept.player === player ? kept : NOTHING;
}
