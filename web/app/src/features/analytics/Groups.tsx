// The same by day, device, kind of network, player or person: as columns of a table with bars.

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { devicesQuery, seriesQuery, type Span } from '../../api/queries.ts';
import type { Group } from '../../api/wire.ts';
import { RowsSkeleton } from '../../library/Skeletons.tsx';
import { decimal, size } from '../../strings/size.ts';
import { dayOf, longTime } from '../../strings/time.ts';
import { words } from '../../strings/words.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Failure } from '../../ui/Notice.tsx';
import { HeardBar } from './Heard.tsx';

type By = keyof typeof words.analytics.bys;

export function Groups({ span }: { span: Span }) {
  const [chosen, setBy] = useState<By>('day');
  const { user, ...own } = words.analytics.bys;
  const by = chosen === 'user' && !span.everyone ? 'day' : chosen;
  const series = useQuery(seriesQuery(span, by));
  return (
    <section className="grid gap-4">
      <h2 className="text-xl font-semibold tracking-tight">{words.analytics.groups}</h2>
      <Choice
        label={words.analytics.groups}
        value={by}
        options={span.everyone ? { ...own, user } : (own as Record<By, string>)}
        onChange={setBy}
      />
      {series.isPending && <RowsSkeleton rows={3} />}
      {series.isError && <Failure error={series.error} retry={() => void series.refetch()} />}
      {series.data && (
        <GroupTable
          by={by}
          groups={by === 'day' ? series.data.results.toReversed() : series.data.results}
        />
      )}
    </section>
  );
}

function GroupTable({ by, groups }: { by: By; groups: readonly Group[] }) {
  const nameOf = useNames(by);
  const most = Math.max(1, ...groups.map(({ listened_s }) => listened_s));
  const heads = words.analytics.heads;
  return (
    // What scrolls must be reachable by keys.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="overflow-x-auto" aria-label={words.analytics.groups} tabIndex={0}>
      <table className="numbers w-full min-w-xl border-y border-line text-left text-sm">
        <thead className="text-faint">
          <tr className="label">
            <th className="py-2 pr-4 font-semibold">{words.analytics.bys[by]}</th>
            <th className="w-2/5 py-2 pr-4 font-semibold">{heads.heard}</th>
            <th className="py-2 pr-4 text-right font-semibold">{heads.stalls}</th>
            <th className="py-2 pr-4 text-right font-semibold">{heads.startup}</th>
            <th className="py-2 pr-4 text-right font-semibold">{heads.bytes}</th>
            <th className="py-2 text-right font-semibold">{heads.saved}</th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.key} className="border-t border-line">
              <th scope="row" className="max-w-48 truncate py-2 pr-4 font-medium">
                {nameOf(group.key)}
              </th>
              <td className="py-2 pr-4">
                <span className="grid grid-cols-[6rem_minmax(0,1fr)] items-center gap-3">
                  {longTime(group.listened_s)}
                  <span style={{ width: `${(group.listened_s / most) * 100}%` }}>
                    <HeardBar heard={group.heard_s} className="h-4" />
                  </span>
                </span>
              </td>
              <td className="py-2 pr-4 text-right">
                {group.stalls_per_hour === null ? '–' : decimal(group.stalls_per_hour ?? 0)}
              </td>
              <td className="py-2 pr-4 text-right">
                {group.startup_p95_ms ? words.stats.secs(group.startup_p95_ms / 1e3) : '–'}
              </td>
              <td className="py-2 pr-4 text-right whitespace-nowrap">{size(group.bytes)}</td>
              <td className="py-2 text-right whitespace-nowrap">{size(group.saved_bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Keys as people know them; a device of somebody else by the start of its id. */
function useNames(by: By): (key: string) => string {
  const devices = useQuery({ ...devicesQuery, enabled: by === 'device' }).data?.results;
  return (key) => {
    if (by === 'day') return dayOf(Date.parse(key) / 1e3);
    if (by === 'device') {
      return devices?.find(({ id }) => id === key)?.name ?? key.slice(0, 8);
    }
    if (by !== 'network_kind') return key;
    return words.network.kinds[key as keyof typeof words.network.kinds] ?? key;
  };
}
