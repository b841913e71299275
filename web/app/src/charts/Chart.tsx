// A line chart over time. uPlot draws it on a canvas; what it shows is said in words beside it.

import 'uplot/dist/uPlot.min.css';

import { useEffect, useRef } from 'react';
import uPlot from 'uplot';

import type { Columns } from './series.ts';

export interface Line {
  readonly label: string;
  /** A custom property of the theme, without the dashes. */
  readonly colour: string;
  readonly look: 'line' | 'steps' | 'dots' | 'area' | 'dashes';
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
  readonly bands?: readonly Band[];
  /** Seconds; the right end of the time axis. */
  readonly now: number;
  readonly span: number;
  readonly unit: (value: number) => string;
}

const HEIGHT = 220;

export function Chart(props: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(null);
  const shown = useRef(props);
  const { label, lines } = props;
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const made = new uPlot(optionsOf(element, lines, shown), shown.current.data, element);
    chart.current = made;
    const resized = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
    };
  }, [lines]);
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

function optionsOf(element: HTMLElement, lines: readonly Line[], shown: Shown): uPlot.Options {
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
    scales: {
      x: { time: false },
      y: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] },
    },
    axes: [
      { ...axis, values: (_, ticks) => ticks.map(clockOf) },
      { ...axis, size: 64, values: (_, ticks) => ticks.map((tick) => shown.current.unit(tick)) },
    ],
    hooks: { drawClear: [(chart) => drawBands(chart, shown.current.bands ?? [], ink('danger'))] },
    series: [{}, ...lines.map((line) => seriesOf(line, ink))],
  };
}

function seriesOf({ label, colour, look }: Line, ink: (name: string) => string): uPlot.Series {
  const stroke = () => ink(colour);
  const dots = look === 'dots';
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  return {
    label,
    stroke,
    width: 2,
    spanGaps: true,
    points: { show: dots, size: 6, fill: stroke },
    ...(look === 'dashes' ? { dash: [4, 4], width: 1 } : {}),
    ...(look === 'area'
      ? { fill: () => `color-mix(in oklch, ${ink(colour)} 18%, transparent)` }
      : {}),
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
