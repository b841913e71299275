// A line chart over time. uPlot draws it on a canvas; what it shows is said in words beside it.

import 'uplot/dist/uPlot.min.css';

import { useEffect, useRef } from 'react';
import uPlot from 'uplot';

/** A column of times and one of values for each line; gaps are null. */
export type Columns = [number[], ...(number | null)[][]];

export interface Line {
  readonly label: string;
  /** A custom property of the theme, without the dashes. */
  readonly colour: string;
  /** `hidden`: an edge of a fill. */
  readonly look: 'line' | 'steps' | 'dots' | 'area' | 'dashes' | 'hidden';
}

/** Two lines, by their places, and the colour between them. */
export interface Fill {
  readonly upper: number;
  readonly lower: number;
  readonly colour: string;
}

/** A stretch of time to mark. */
export interface Band {
  readonly from: number;
  readonly to: number;
}

interface ChartProps {
  /** What it shows, in a sentence. */
  readonly label: string;
  readonly lines: readonly Line[];
  readonly data: Columns;
  readonly fills?: readonly Fill[];
  readonly bands?: readonly Band[];
  /** Values that get a line; then the axis is by factors, between the first and the last of them. */
  readonly steps?: readonly number[];
  /** Seconds; the right end of the time axis. */
  readonly now: number;
  readonly span: number;
  readonly unit: (value: number) => string;
}

const HEIGHT = 220;
/** Seconds that a tick of the time axis may stand for. */
const TIME_STEPS = [5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600];

export function Chart(props: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(null);
  const shown = useRef(props);
  const { label, lines, fills, steps } = props;
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const made = new uPlot(
      optionsOf(element, { lines, fills, steps }, shown),
      shown.current.data,
      element,
    );
    chart.current = made;
    const resized = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
    };
  }, [lines, fills, steps]);
  useEffect(() => {
    shown.current = props;
    const { now, span, data } = props;
    chart.current?.setData(data, false);
    chart.current?.setScale('x', { min: Math.max(0, now - span), max: Math.max(span, now) });
  }, [props]);
  return (
    <>
      <p className="sr-only">{label}</p>
      <div ref={host} aria-hidden="true" className="min-w-0" />
    </>
  );
}

type Shown = { readonly current: ChartProps };

type Look = Pick<ChartProps, 'lines'> & {
  readonly fills: ChartProps['fills'] | undefined;
  readonly steps: ChartProps['steps'] | undefined;
};

function optionsOf(
  element: HTMLElement,
  { lines, fills = [], steps }: Look,
  shown: Shown,
): uPlot.Options {
  const ink = (name: string) => getComputedStyle(element).getPropertyValue(`--${name}`);
  const axis = {
    stroke: () => ink('faint'),
    grid: { stroke: () => ink('line'), width: 1 },
    ticks: { show: false },
    font: '11px Archivo Variable, system-ui',
  };
  return {
    width: element.clientWidth || 600,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false }, y: steps ? byFactors(steps) : fromNothing },
    axes: [
      { ...axis, size: 28, incrs: TIME_STEPS, values: (_, ticks) => ticks.map(clockOf) },
      {
        ...axis,
        size: 64,
        values: (_, ticks) => ticks.map((tick) => shown.current.unit(tick)),
        ...(steps
          ? { splits: () => [...steps], filter: (_: uPlot, ticks: number[]) => ticks }
          : {}),
      },
    ],
    hooks: { drawClear: [(chart) => drawBands(chart, shown.current.bands ?? [], ink('danger'))] },
    bands: fills.map(({ upper, lower, colour }) => ({
      series: [upper + 1, lower + 1],
      fill: () => faded(ink(colour)),
    })),
    series: [{}, ...lines.map((line) => seriesOf(line, ink))],
  };
}

const fromNothing: uPlot.Scale = { range: (_, __, most) => [0, Math.max(5, most * 1.1)] };

const byFactors = (steps: readonly number[]): uPlot.Scale => ({
  distr: 3,
  log: 2,
  range: () => [steps[0] ?? 1, steps.at(-1) ?? 2],
});

const faded = (colour: string): string => `color-mix(in oklch, ${colour} 18%, transparent)`;

function seriesOf({ label, colour, look }: Line, ink: (name: string) => string): uPlot.Series {
  const stroke = () => ink(colour);
  const dots = look === 'dots';
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  return {
    label,
    stroke,
    width: look === 'hidden' ? 0 : 2,
    spanGaps: true,
    points: { show: dots, size: 6, fill: stroke },
    ...(look === 'dashes' ? { dash: [4, 4], width: 1 } : {}),
    ...(look === 'area' ? { fill: () => faded(ink(colour)) } : {}),
    ...(look === 'steps' && stepped ? { paths: stepped } : {}),
    ...(dots ? { paths: () => null } : {}),
  };
}

function drawBands(chart: uPlot, bands: readonly Band[], colour: string): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.globalAlpha = 0.25;
  ctx.fillStyle = colour;
  for (const { from, to } of bands) {
    const left = Math.max(bbox.left, chart.valToPos(from, 'x', true));
    const right = Math.min(bbox.left + bbox.width, chart.valToPos(to, 'x', true));
    if (right > left) ctx.fillRect(left, bbox.top, Math.max(2, right - left), bbox.height);
  }
  ctx.restore();
}

const clockOf = (at: number): string =>
  `${Math.floor(at / 60)}:${String(Math.round(at % 60)).padStart(2, '0')}`;
