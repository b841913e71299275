// Throughput against the rungs asked for, and the buffer against its targets.

import type { PlayerState } from '@quicksync/player';

import { usePlayerState } from '../../playback/PlayerContext.tsx';
import { words } from '../../strings/words.ts';
import { Chart, type Line } from './Chart.tsx';
import { useHistory } from './HistoryContext.tsx';
import { bufferColumns, throughputColumns, type Columns } from './series.ts';

/** Shown at once: long enough to see why, short enough to see each segment. */
const SPAN_S = 180;

const THROUGHPUT: readonly Line[] = [
  { label: words.stats.measured, colour: 'accent', look: 'dots' },
  { label: words.stats.rung, colour: 'ultra', look: 'steps' },
];
const BUFFER: readonly Line[] = [
  { label: words.stats.ahead, colour: 'high', look: 'area' },
  { label: words.stats.most, colour: 'faint', look: 'dashes' },
  { label: words.stats.lowMark, colour: 'low', look: 'dashes' },
];

const rate = (kbps: number) => words.quality.rate(kbps);
const seconds = (value: number) => `${Math.round(value)} s`;

export function ThroughputChart() {
  const history = useHistory();
  return (
    <figure className="grid gap-3">
      <Legend title={words.stats.throughput} lines={THROUGHPUT} />
      <Chart
        label={words.stats.throughputAbout}
        lines={THROUGHPUT}
        data={throughputColumns(history, history.now - SPAN_S)}
        now={history.now}
        span={SPAN_S}
        unit={rate}
      />
    </figure>
  );
}

const limitsOf = (state: PlayerState) => state.buffer;

export function BufferChart() {
  const history = useHistory();
  const { max_buffer_size: most, rebuffer_threshold: low } = usePlayerState(limitsOf);
  const [times, ahead] = bufferColumns(history, history.now - SPAN_S);
  const flat = (value: number) => times.map(() => value);
  const data: Columns = [times, ahead ?? [], flat(most), flat(low)];
  const bands = history.stalls.map(({ from, to }) => ({ from, to: to ?? history.now }));
  return (
    <figure className="grid gap-3">
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
    </figure>
  );
}

const MARKS: Readonly<Record<Line['look'], string>> = {
  line: 'h-0.5 w-4',
  steps: 'h-0.5 w-4',
  dots: 'size-2 rounded-full',
  area: 'h-2.5 w-4',
  dashes: 'h-px w-4',
};

function Legend({ title, lines }: { title: string; lines: readonly Line[] }) {
  return (
    <figcaption className="flex flex-wrap items-baseline gap-x-6 gap-y-1">
      <h2 className="text-xl font-semibold tracking-tight">{title}</h2>
      <ul className="flex flex-wrap gap-x-4 text-sm text-soft">
        {lines.map(({ label, colour, look }) => (
          <li key={label} className="inline-flex items-center gap-2">
            <span className={MARKS[look]} style={{ background: `var(--${colour})` }} />
            {label}
          </li>
        ))}
      </ul>
    </figcaption>
  );
}
