import { SPAN_S } from './history.ts';

export interface Line {
  /** From the oldest on; a null is a gap. */
  readonly points: readonly { readonly at_s: number; readonly value: number | null }[];
  /** Holds each value until the next. */
  readonly steps?: boolean;
}

interface Props {
  /** What it shows, in words: the picture itself is not read out. */
  readonly label: string;
  readonly lines: readonly Line[];
  /** At the top; in the unit of the values. */
  readonly most: number;
}

const WIDTH = 600;
const HEIGHT = 100;

/** Lines over the last two minutes, the newest at the right. */
export function Chart({ label, lines, most }: Props) {
  const newest = Math.max(...lines.flatMap(({ points }) => points.map(({ at_s }) => at_s)), 0);
  return (
    <svg
      className="qsp-chart"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a drawing, described by its label
      role="img"
      aria-label={label}
    >
      {lines.map((line, index) => (
        <path
          // oxlint-disable-next-line react/no-array-index-key -- a line has no other name
          key={index}
          className={line.steps ? 'qsp-steps' : 'qsp-line'}
          d={pathOf(line, newest, most)}
        />
      ))}
    </svg>
  );
}

export function pathOf({ points, steps = false }: Line, newest: number, most: number): string {
  let drawn = false;
  return points
    .map(({ at_s, value }) => {
      if (value === null) {
        drawn = false;
        return '';
      }
      const x = round(WIDTH * (1 - (newest - at_s) / SPAN_S));
      const y = round(HEIGHT * (1 - Math.min(value / Math.max(most, 1e-9), 1)));
      const move = drawn ? (steps ? `H${x}V${y}` : `L${x} ${y}`) : `M${x} ${y}`;
      drawn = true;
      return move;
    })
    .join('');
}

const round = (value: number): number => Math.round(value * 10) / 10;
