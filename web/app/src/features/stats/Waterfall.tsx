// The last transfers as bars in time: when each was asked for, when it began to come, what became
// of it. What was fetched in vain is hatched and says so.

import { QUALITY_COLOUR } from '../../playback/quality.ts';
import { size } from '../../strings/size.ts';
import { words } from '../../strings/words.ts';
import { cx } from '../../ui/cx.ts';
import { useHistory } from './HistoryContext.tsx';
import { isWaste, type Transfer } from './history.ts';

const ROWS = 14;
/** A bar thinner than this cannot be seen. */
const THINNEST_PERCENT = 0.6;

export function Waterfall() {
  const history = useHistory();
  const shown = history.transfers.slice(-ROWS);
  const from = shown[0]?.asked ?? 0;
  const to = Math.max(history.now, from + 1);
  const percent = (at: number) => ((at - from) / (to - from)) * 100;
  return (
    <section className="grid content-start gap-3">
      <h2 className="text-xl font-semibold tracking-tight">{words.stats.waterfall}</h2>
      <p className="max-w-prose text-sm text-soft">{words.stats.waterfallAbout}</p>
      {shown.length === 0 && <p className="text-soft">{words.stats.nothing}</p>}
      <ul className="numbers grid gap-px text-xs">
        {shown.map((one) => (
          <li
            key={`${one.track} ${one.index} ${one.asked}`}
            className="grid grid-cols-[2.75rem_minmax(0,1fr)_9.5rem] items-center gap-2 sm:grid-cols-[3.5rem_minmax(0,1fr)_11rem] sm:gap-3"
          >
            <span className="text-soft">{words.stats.segment(one.index + 1)}</span>
            <Bar transfer={one} percent={percent} end={one.ended ?? to} />
            <span
              className={cx('truncate', isWaste(one) || one.late ? 'text-danger' : 'text-soft')}
            >
              {about(one)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface BarProps {
  readonly transfer: Transfer;
  readonly percent: (at: number) => number;
  readonly end: number;
}

function Bar({ transfer, percent, end }: BarProps) {
  const { asked, firstByte, quality } = transfer;
  const came = firstByte ?? end;
  const width = (from: number, to: number) => `${Math.max(0, percent(to) - percent(from))}%`;
  return (
    <span aria-hidden="true" className="relative h-4 overflow-hidden bg-sunk">
      <span
        className="absolute inset-y-1.5 bg-line"
        style={{ left: `${percent(asked)}%`, width: width(asked, came) }}
      />
      <span
        className={cx(
          'absolute inset-y-0',
          QUALITY_COLOUR[quality],
          isWaste(transfer) && 'hatched',
        )}
        style={{
          left: `${percent(came)}%`,
          width: width(came, end),
          minWidth: `${THINNEST_PERCENT}%`,
        }}
      />
    </span>
  );
}

function about({ quality, outcome, bytes, late }: Transfer): string {
  const { names } = words.quality;
  const fate = late ? [words.stats.late] : [];
  return [names[quality], words.stats.outcomes[outcome], ...fate, size(bytes)].join(' · ');
}
