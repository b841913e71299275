// The server's own connection: each target that it downloads from, now and before.

import { useQuickSync } from '@quicksync/react';
import { useMutation } from '@tanstack/react-query';

import { ask } from '../../../api/client.ts';
import { QUICK_SYNC } from '../../../api/queries.ts';
import type { ServerTest as Answer, Target } from '../../../api/wire.ts';
import { words } from '../../../strings/words.ts';
import { Button } from '../../../ui/Button.tsx';
import { Failure } from '../../../ui/Notice.tsx';
import { Tone } from '../../../ui/Tone.tsx';
import { Section } from '../Section.tsx';
import { Bars } from './Bars.tsx';

export function ServerTest() {
  const { refreshStatus } = useQuickSync();
  const test = useMutation({
    mutationFn: () => ask<Answer>(`${QUICK_SYNC}test/`, { method: 'POST' }),
    onSettled: () => refreshStatus(),
  });
  const { data } = test;
  return (
    <Section title={words.speed.server} about={words.speed.serverAbout}>
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <Button disabled={test.isPending} onClick={() => test.mutate()}>
          {test.isPending ? words.speed.testing : words.speed.testServer}
        </Button>
        <output className="text-sm text-soft">{data && outcome(data)}</output>
      </div>
      {data && (
        <ul className="border-t border-line">
          {data.targets.map((target) => (
            <TargetRow key={target.url} target={target} />
          ))}
        </ul>
      )}
      {test.isError && <Failure error={test.error} />}
    </Section>
  );
}

const outcome = ({ source, network_speed_mbps: mbps, targets }: Answer): string => {
  if (targets.length === 0) return words.speed.noTargets;
  return source === 'fallback' ? words.speed.allFailed : words.speed.mbps(mbps);
};

const said = (mbps: number | null) => (mbps === null ? words.speed.failed : words.speed.mbps(mbps));

function TargetRow({ target }: { target: Target }) {
  const { url, speed_mbps: mbps, error, history } = target;
  const past = history.toReversed().map((one) => one.speed_mbps ?? null);
  return (
    <li className="grid gap-2 border-b border-line py-3 sm:grid-cols-[minmax(0,1fr)_auto] sm:items-center sm:gap-6">
      <span className="grid min-w-0 gap-1">
        <span className="truncate font-medium">{url}</span>
        <Tone tone={error ? 'poor' : 'good'}>{error ?? words.speed.mbps(mbps ?? 0)}</Tone>
      </span>
      <Bars label={words.speed.pastOf(past.map(said).join(', '))} values={past} />
    </li>
  );
}
