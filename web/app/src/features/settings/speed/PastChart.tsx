// Everything measured of this device's network, by source: as dots, and as a table.

import { useQuery } from '@tanstack/react-query';

import { meQuery, pastQuery } from '../../../api/queries.ts';
import type { Sample } from '../../../api/wire.ts';
import { RowsSkeleton } from '../../../library/Skeletons.tsx';
import { ago } from '../../../strings/time.ts';
import { words } from '../../../strings/words.ts';
import { Failure } from '../../../ui/Notice.tsx';
import { Section } from '../Section.tsx';
import { useWidth } from './useWidth.ts';
import { plotOf, type Dot, type Plot } from './past.ts';

export function PastChart() {
  const here = useQuery(meQuery).data?.device_id;
  const past = useQuery(pastQuery);
  const samples = (past.data?.results ?? []).filter(({ device_id }) => device_id === here);
  const plot = plotOf(samples);
  return (
    <Section title={words.speed.past} about={words.speed.pastAbout}>
      {past.isPending && <RowsSkeleton rows={3} />}
      {past.isError && <Failure error={past.error} retry={() => void past.refetch()} />}
      {past.data && !plot && <p className="text-soft">{words.speed.noPast}</p>}
      {plot && (
        <>
          <Legend sources={new Set(plot.dots.map(({ source }) => source))} />
          <Drawing plot={plot} />
          <Table samples={samples} />
        </>
      )}
    </Section>
  );
}

const [HEIGHT, LEFT] = [200, 72];

function Drawing({ plot }: { plot: Plot }) {
  const [box, width] = useWidth();
  const x = (share: number) => LEFT + share * (width - LEFT - 8) + 4;
  const y = (share: number) => HEIGHT - 24 - share * (HEIGHT - 36);
  const [first, last] = [ago(plot.from), ago(plot.to)];
  const label = words.speed.pastLabel(plot.dots.length, first);
  return (
    <div ref={box}>
      <p className="sr-only">{label}</p>
      <svg aria-hidden="true" width={width} height={HEIGHT} className="max-w-full">
        {plot.lines.map((line) => (
          <g key={line.mbps}>
            <line x1={LEFT} x2={width} y1={y(line.y)} y2={y(line.y)} className="stroke-line" />
            <text x="0" y={y(line.y) + 4} fontSize="12" className="numbers fill-faint">
              {words.speed.mbps(line.mbps)}
            </text>
          </g>
        ))}
        {plot.dots.map((dot, at) => (
          <Mark key={at} dot={dot} x={x(dot.x)} y={y(dot.y)} />
        ))}
        {first !== last && (
          <text x={LEFT} y={HEIGHT - 4} fontSize="12" className="fill-faint">
            {first}
          </text>
        )}
        <text x={width} y={HEIGHT - 4} fontSize="12" textAnchor="end" className="fill-faint">
          {last}
        </text>
      </svg>
    </div>
  );
}

/** A source has a shape as well as a colour. */
function Mark({ dot, x, y }: { dot: Pick<Dot, 'source'>; x: number; y: number }) {
  switch (dot.source) {
    case 'playback':
      return <circle cx={x} cy={y} r="3" className="fill-high" />;
    case 'listener_probe':
      return <path d={`M${x} ${y - 5}l5 5l-5 5l-5 -5z`} className="fill-accent" />;
    case 'connection':
      return <circle cx={x} cy={y} r="3" fill="none" strokeWidth="1.5" className="stroke-ultra" />;
    default:
      return <rect x={x - 3.5} y={y - 3.5} width="7" height="7" className="fill-low" />;
  }
}

function Legend({ sources }: { sources: ReadonlySet<string> }) {
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1 text-sm text-soft">
      {Array.from(sources, (source) => (
        <li key={source} className="inline-flex items-center gap-2">
          <svg width="12" height="12" aria-hidden="true">
            <Mark dot={{ source }} x={6} y={6} />
          </svg>
          {words.speed.sources[source] ?? source}
        </li>
      ))}
    </ul>
  );
}

const ROWS = 20;

function Table({ samples }: { samples: readonly Sample[] }) {
  return (
    <details>
      <summary className="min-h-10 py-2 text-sm text-soft">{words.speed.asTable}</summary>
      <table className="numbers w-full text-left text-sm">
        <tbody>
          {samples.slice(0, ROWS).map((sample, at) => (
            <tr key={at} className="border-t border-line">
              <td className="py-1.5 pr-4">{words.speed.mbps(sample.speed_mbps)}</td>
              <td className="py-1.5 pr-4 text-soft">
                {words.speed.sources[sample.source] ?? sample.source}
              </td>
              <td className="py-1.5 text-soft">{ago(sample.measured_at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
