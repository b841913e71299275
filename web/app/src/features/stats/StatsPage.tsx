// How this playback went, and why: for whoever wants to know.

import { usePlayer } from '../../playback/PlayerContext.tsx';
import { words } from '../../strings/words.ts';
import { Button } from '../../ui/Button.tsx';
import { Page } from '../../ui/Page.tsx';
import { BufferChart, ThroughputChart } from './Charts.tsx';
import { DecisionLog } from './DecisionLog.tsx';
import { save } from './download.ts';
import { sumsOf, transfersCsv } from './figures.ts';
import { useHistory } from './HistoryContext.tsx';
import { Waterfall } from './Waterfall.tsx';

export function StatsPage() {
  return (
    <Page title={words.stats.title} about={words.stats.about} actions={<Exports />}>
      <div className="grid gap-12">
        <Figures />
        <div className="grid gap-12 *:min-w-0 xl:grid-cols-2 xl:items-start xl:gap-10">
          <ThroughputChart />
          <BufferChart />
          <Waterfall />
          <DecisionLog />
        </div>
      </div>
    </Page>
  );
}

function Exports() {
  const player = usePlayer();
  const history = useHistory();
  return (
    <div className="flex flex-wrap gap-3">
      <Button onClick={() => save('quicksync-decisions.log', 'text/plain', player.decisionLog())}>
        {words.stats.saveLog}
      </Button>
      <Button
        onClick={() => save('quicksync-transfers.csv', 'text/csv', transfersCsv(history.transfers))}
      >
        {words.stats.saveTransfers}
      </Button>
    </div>
  );
}

function Figures() {
  const { bytes, wasted, stalls, stalledSeconds, switches, startup } = sumsOf(useHistory());
  const megabytes = (count: number) => words.stats.megabytes(count / 1e6);
  const share = bytes > 0 ? (wasted / bytes) * 100 : 0;
  const figures = [
    [words.stats.startup, startup === null ? words.quality.none_yet : words.stats.secs(startup)],
    [words.quality.stalls, words.quality.stallsOf(stalls, stalledSeconds.toFixed(1))],
    [words.stats.switches, String(switches)],
    [words.stats.loaded, megabytes(bytes)],
    [words.stats.wasted, words.stats.percent(share)],
  ] as const;
  return (
    <dl className="numbers grid grid-cols-2 gap-5 border-y border-line py-4 sm:grid-cols-3 lg:grid-cols-5">
      {figures.map(([name, value]) => (
        <div key={name} className="grid content-start gap-1">
          <dt className="label text-faint">{name}</dt>
          <dd className="text-lg font-medium">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
