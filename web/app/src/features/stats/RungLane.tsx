// The rung that was asked for, step by step; each turn has a mark, and each mark its sentence.

import { useState } from 'react';

import { QUALITY_COLOUR, STEP } from '../../playback/quality.ts';
import { clock } from '../../strings/time.ts';
import { words } from '../../strings/words.ts';
import { cx } from '../../ui/cx.ts';
import { useHistory } from './HistoryContext.tsx';
import { SPAN_S } from './span.ts';
import { turnsOf, type Turn } from './turns.ts';

const RUNGS = ['ultra', 'high', 'medium', 'low'] as const;

export function RungLane() {
  const history = useHistory();
  const [chosen, choose] = useState<number | null>(null);
  const from = Math.max(0, history.now - SPAN_S);
  const to = Math.max(SPAN_S, history.now);
  const turns = turnsOf(history.decisions, from);
  // Without a choice the latest is told of; what has gone out of sight cannot be chosen.
  const found = turns.findIndex(({ at }) => at === chosen);
  const index = found < 0 ? turns.length - 1 : found;
  const told = turns[index];
  const percent = (at: number) => ((Math.max(at, from) - from) / (to - from)) * 100;
  const pick = (event: { clientX: number; currentTarget: Element }) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const at = from + ((event.clientX - left) / width) * (to - from);
    const near = turns.toSorted((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at))[0];
    if (near) choose(near.at);
  };
  return (
    <section className="grid content-start gap-3">
      <h2 className="text-xl font-semibold tracking-tight">{words.stats.steps}</h2>
      {!told && <p className="text-soft">{words.stats.nothing}</p>}
      {told && (
        <>
          <div className="grid grid-cols-[4rem_minmax(0,1fr)]">
            <Names />
            {/* The slider below does the same for keys and readers. */}
            <div aria-hidden="true" onPointerMove={pick} className="relative h-40">
              {turns.map((turn) => (
                <Step
                  key={turn.at}
                  turn={turn}
                  left={percent(turn.at)}
                  right={percent(turn.until ?? history.now)}
                  isTold={turn === told}
                />
              ))}
            </div>
          </div>
          <label className="grid gap-2">
            <span className="text-sm text-soft">{words.stats.turnOf(index + 1, turns.length)}</span>
            <input
              type="range"
              min={0}
              max={turns.length - 1}
              value={index}
              aria-valuetext={sentence(told)}
              onChange={(event) => choose(turns[Number(event.currentTarget.value)]?.at ?? null)}
              className="w-full accent-accent"
            />
          </label>
          <p className="min-h-12">{sentence(told)}</p>
        </>
      )}
    </section>
  );
}

const sentence = ({ at, quality, reason }: Turn): string =>
  words.stats.turn(clock(at), words.quality.names[quality], words.quality.reason(reason));

function Names() {
  return (
    <ul aria-hidden="true" className="grid text-xs text-faint">
      {RUNGS.map((quality) => (
        <li key={quality} className="grid items-center">
          {words.quality.names[quality]}
        </li>
      ))}
    </ul>
  );
}

interface StepProps {
  readonly turn: Turn;
  readonly left: number;
  readonly right: number;
  readonly isTold: boolean;
}

/** Four rows of a quarter each; a step lies in the middle of its row. */
function Step({ turn, left, right, isTold }: StepProps) {
  const top = `${(4 - STEP[turn.quality]) * 25 + 12.5}%`;
  return (
    <>
      <span
        className={cx('absolute h-1.5 -translate-y-1/2', QUALITY_COLOUR[turn.quality])}
        style={{ left: `${left}%`, width: `${Math.max(0.4, right - left)}%`, top }}
      />
      <span
        className={cx(
          'absolute size-3 -translate-x-1/2 -translate-y-1/2 rounded-full border-2 border-paper bg-ink',
          isTold && 'size-4 bg-accent',
        )}
        style={{ left: `${left}%`, top }}
      />
    </>
  );
}
