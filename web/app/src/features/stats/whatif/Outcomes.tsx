import type { PolicyOutcome, WhatIfResult } from '@quicksync/player/whatif';

import { words } from '../../../strings/words.ts';
import { cx } from '../../../ui/cx.ts';
import { verdictOf } from './request.ts';

const nameOf = (policy: PolicyOutcome): string => words.whatIf.policies[policy.name] ?? policy.name;

/** One paragraph for people, and a table with a bar for each policy. */
export function Outcomes({ result }: { result: WhatIfResult }) {
  const { policies, optimum } = result;
  const ranked = policies.toSorted((a, b) => b.qoe - a.qoe);
  const least = Math.min(0, ...policies.map(({ qoe }) => qoe));
  const most = Math.max(optimum?.atMost ?? 0, ...policies.map(({ qoe }) => qoe));
  const heads = words.whatIf.heads;
  return (
    <>
      <p className="max-w-prose">{paragraph(result)}</p>
      {/* What scrolls must be reachable by keys. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <section className="overflow-x-auto" aria-label={words.whatIf.title} tabIndex={0}>
        <table className="numbers w-full min-w-xl border-y border-line text-left text-sm">
          <thead className="text-faint">
            <tr className="label">
              <th className="py-2 pr-4 font-semibold">{heads.policy}</th>
              <th className="w-1/3 py-2 pr-4 font-semibold">{heads.qoe}</th>
              <th className="py-2 pr-4 text-right font-semibold">{heads.kbps}</th>
              <th className="py-2 pr-4 text-right font-semibold">{heads.stalls}</th>
              <th className="py-2 pr-4 text-right font-semibold">{heads.startup}</th>
              <th className="py-2 text-right font-semibold">{heads.wasted}</th>
            </tr>
          </thead>
          <tbody>
            {ranked.map((policy) => (
              <Row key={policy.name} policy={policy} least={least} most={most} />
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

interface RowProps {
  readonly policy: PolicyOutcome;
  readonly least: number;
  readonly most: number;
}

function Row({ policy, least, most }: RowProps) {
  const { group, qoe, meanKbps, stalls, stalledS, startupS, wastedShare } = policy;
  const isOurs = group === 'ours';
  const share = (value: number) => ((value - least) / Math.max(1e-9, most - least)) * 100;
  const [from, to] = [Math.min(0, qoe), Math.max(0, qoe)];
  return (
    <tr className={cx('border-t border-line', isOurs && 'font-semibold')}>
      <th scope="row" className="py-2 pr-4 font-[inherit]">
        {nameOf(policy)}
        <span className="block text-xs font-normal text-soft">{words.whatIf.groups[group]}</span>
      </th>
      <td className="py-2 pr-4">
        <span className="grid grid-cols-[3.5rem_minmax(0,1fr)] items-center gap-2">
          {words.analytics.score(qoe)}
          <span aria-hidden="true" className="relative h-3 bg-sunk">
            <span
              className={cx(
                'absolute inset-y-0',
                isOurs ? 'bg-accent' : qoe < 0 ? 'bg-low' : 'bg-faint',
              )}
              style={{ left: `${share(from)}%`, width: `${share(to) - share(from)}%` }}
            />
          </span>
        </span>
      </td>
      <td className="py-2 pr-4 text-right">{Math.round(meanKbps)}</td>
      <td className="py-2 pr-4 text-right whitespace-nowrap">
        {words.whatIf.stallsOf(stalls, words.stats.secs(stalledS))}
      </td>
      <td className="py-2 pr-4 text-right">{words.stats.secs(startupS)}</td>
      <td className="py-2 text-right">{words.stats.percent(wastedShare * 100)}</td>
    </tr>
  );
}

function paragraph(result: WhatIfResult): string {
  const { spanS, measuredShare, optimum } = result;
  const verdict = verdictOf(result);
  const said = words.whatIf;
  const what = said.measured(words.stats.secs(spanS), words.stats.percent(measuredShare * 100));
  const best = verdict
    ? said.verdict(verdict.place, nameOf(verdict.best), verdict.place === 1)
    : '';
  const bound = optimum
    ? said.optimum(words.analytics.score(optimum.atLeast), words.analytics.score(optimum.atMost))
    : '';
  return [what, best, bound, said.warning].filter(Boolean).join(' ');
}
