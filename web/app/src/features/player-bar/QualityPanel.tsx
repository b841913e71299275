// Why it sounds as it does: the last decision in a sentence, the figures behind it, and the choice.

import type { DecisionView, PlayerState } from '@quicksync/player';
import { Link } from '@tanstack/react-router';

import { aheadOf } from '../../playback/buffered.ts';
import { usePlayerState } from '../../playback/PlayerContext.tsx';
import { words } from '../../strings/words.ts';
import { clock } from '../../strings/time.ts';
import { ModeChoice } from './ModeChoice.tsx';
import { Override } from './Override.tsx';
import { changeText } from './Pending.tsx';
import { SignalPath } from './SignalPath.tsx';

const decisionOf = (state: PlayerState) => state.decision;
const throughputOf = (state: PlayerState) => state.throughput;
const stallsOf = (state: PlayerState) => state.stalls;
const aheadNow = (state: PlayerState) => Math.round(aheadOf(state.buffered, state.position));
const pendingOf = (state: PlayerState) => state.pending;
const targetOf = (state: PlayerState) => state.reach;

export function QualityPanel() {
  const decision = usePlayerState(decisionOf);
  const throughput = usePlayerState(throughputOf);
  const stalls = usePlayerState(stallsOf);
  const ahead = usePlayerState(aheadNow);
  const target = usePlayerState(targetOf);
  return (
    <div className="grid gap-5">
      <section className="grid gap-1.5">
        <h2 className="label text-faint">{words.quality.why}</h2>
        <Sentence decision={decision} />
      </section>
      <dl className="numbers grid grid-cols-3 gap-3 border-y border-line py-3 text-sm">
        <Figure name={words.quality.throughput}>
          {throughput === null ? words.quality.none_yet : words.quality.rate(throughput)}
        </Figure>
        <Figure name={words.quality.buffered}>{words.quality.ahead(ahead, target)}</Figure>
        <Figure name={words.quality.stalls}>
          {words.quality.stallsOf(stalls.count, stalls.total.toFixed(1))}
        </Figure>
      </dl>
      <Override />
      <ModeChoice />
      <SignalPath />
      <Links />
    </div>
  );
}

function Sentence({ decision }: { decision: DecisionView | null }) {
  const pending = usePlayerState(pendingOf);
  if (!decision) return <p className="text-soft">{words.quality.noDecision}</p>;
  const { quality, position, reason } = decision;
  return (
    <>
      <p data-testid="decision" className="text-lg leading-snug font-medium text-pretty">
        {words.quality.reason(reason)}
      </p>
      <p className="numbers text-sm text-soft">
        {pending
          ? changeText(pending)
          : position !== null &&
            words.quality.fromPosition(words.quality.names[quality], clock(position))}
      </p>
    </>
  );
}

function Figure({ name, children }: { name: string; children: string }) {
  return (
    <div className="grid content-start gap-0.5">
      <dt className="label text-faint">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Links() {
  const look = 'text-sm text-accent underline-offset-4 hover:underline';
  return (
    <p className="flex flex-wrap gap-x-5">
      <Link to="/stats" className={look}>
        {words.quality.stats}
      </Link>
      <Link to="/settings" className={look}>
        {words.quality.settings}
      </Link>
    </p>
  );
}
