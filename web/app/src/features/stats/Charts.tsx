// Throughput against what was expected and asked for, and the buffer against its targets.

import type { PlayerState } from '@quicksync/player';

import { Chart, type Columns, type Fill, type Line } from '../../charts/Chart.tsx';
import { usePlayerState } from '../../playback/PlayerContext.tsx';
import { words } from '../../strings/words.ts';
import { useHistory } from './HistoryContext.tsx';
import { Legend } from './Legend.tsx';
import { bufferColumns, KBPS_STEPS, throughputColumns } from './series.ts';
import { SPAN_S } from './span.ts';

const THROUGHPUT: readonly Line[] = [
  { label: words.stats.measured, colour: 'accent', look: 'dots' },
  { label: words.stats.low, colour: 'faint', look: 'hidden' },
  { label: words.stats.expected, colour: 'faint', look: 'line' },
  { label: words.stats.high, colour: 'faint', look: 'hidden' },
  { label: words.stats.rung, colour: 'ultra', look: 'steps' },
];
const ESTIMATE: readonly Fill[] = [{ upper: 3, lower: 1, colour: 'faint' }];
const BUFFER: readonly Line[] = [
  { label: words.stats.ahead, colour: 'high', look: 'area' },
  { label: words.stats.target, colour: 'accent', look: 'dashes' },
  { label: words.stats.most, colour: 'faint', look: 'dashes' },
  { label: words.stats.lowMark, colour: 'low', look: 'dashes' },
];

const rate = (kbps: number) => words.quality.rate(kbps);
const seconds = (value: number) => `${Math.round(value)} s`;

export function ThroughputChart() {
  const history = useHistory();
  const last = history.estimates.at(-1);
  return (
    <figure className="grid content-start gap-3">
      <Legend title={words.stats.throughput} lines={THROUGHPUT} />
      <Chart
        label={words.stats.throughputAbout}
        lines={THROUGHPUT}
        fills={ESTIMATE}
        data={throughputColumns(history, history.now - SPAN_S)}
        now={history.now}
        span={SPAN_S}
        steps={KBPS_STEPS}
        unit={rate}
      />
      <p className="numbers text-sm text-soft">
        {last
          ? words.stats.expectation(rate(last.expected), rate(last.low), rate(last.high))
          : words.stats.nothing}
      </p>
    </figure>
  );
}

const limitsOf = (state: PlayerState) => state.buffer;
const reachOf = (state: PlayerState) => state.reach;

export function BufferChart() {
  const history = useHistory();
  const limits = usePlayerState(limitsOf);
  const most = usePlayerState(reachOf);
  const { buffer_size: target, rebuffer_threshold: low } = limits;
  const [times, ahead] = bufferColumns(history, history.now - SPAN_S);
  const flat = (value: number) => times.map(() => value);
  const data: Columns = [times, ahead ?? [], flat(target), flat(most), flat(low)];
  const bands = history.stalls.map(({ from, to }) => ({ from, to: to ?? history.now }));
  return (
    <figure className="grid content-start gap-3">
      <Legend title={words.stats.buffer} lines={BUFFER} />
      <Chart
        label={words.stats.bufferAbout}
        lines={BUFFER}
        data={data}
        bands={bands}
        now={history.now}
        span={SPAN_S}
        unit={seconds}
      />
      <p className="numbers text-sm text-soft">
        {words.stats.levels(
          seconds(history.levels.at(-1)?.ahead ?? 0),
          seconds(target),
          seconds(most),
        )}
      </p>
    </figure>
  );
}
