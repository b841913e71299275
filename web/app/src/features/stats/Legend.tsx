import type { Line } from '../../charts/Chart.tsx';

const MARKS: Readonly<Record<Line['look'], string>> = {
  line: 'h-0.5 w-4',
  steps: 'h-0.5 w-4',
  dots: 'size-2 rounded-full',
  area: 'h-2.5 w-4',
  dashes: 'h-px w-4',
  hidden: '',
};

/** The title of a chart, and what its lines are. */
export function Legend({ title, lines }: { title: string; lines: readonly Line[] }) {
  return (
    <figcaption className="flex flex-wrap items-baseline gap-x-6 gap-y-1">
      <h2 className="text-xl font-semibold tracking-tight">{title}</h2>
      <ul className="flex flex-wrap gap-x-4 text-sm text-soft">
        {lines
          .filter(({ look }) => look !== 'hidden')
          .map(({ label, colour, look }) => (
            <li key={label} className="inline-flex items-center gap-2">
              <span className={MARKS[look]} style={{ background: `var(--${colour})` }} />
              {label}
            </li>
          ))}
      </ul>
    </figcaption>
  );
}
