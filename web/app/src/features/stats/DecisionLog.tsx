// Every decision in a sentence, the latest first.

import { clock } from '../../strings/time.ts';
import { words } from '../../strings/words.ts';
import { useHistory } from './HistoryContext.tsx';

/** More can be had as a file. */
const MOST = 30;

export function DecisionLog() {
  const { decisions } = useHistory();
  const shown = decisions.slice(-MOST).toReversed();
  return (
    <section className="grid gap-3">
      <h2 className="text-xl font-semibold tracking-tight">{words.stats.decisions}</h2>
      {shown.length === 0 ? (
        <p className="text-soft">{words.stats.nothing}</p>
      ) : (
        <table className="numbers w-full border-y border-line text-left text-sm">
          <thead className="text-faint">
            <tr className="label">
              <th className="py-2 pr-4 font-semibold">{words.stats.at}</th>
              <th className="py-2 pr-4 font-semibold">{words.stats.segmentHead}</th>
              <th className="py-2 font-semibold">{words.quality.why}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one, i) => (
              <tr key={decisions.length - i} className="border-t border-line align-top">
                <td className="py-1.5 pr-4 text-soft">{clock(one.at)}</td>
                <td className="py-1.5 pr-4 text-soft">
                  {one.segment ? one.segment.index + 1 : ''}
                </td>
                <td className="py-1.5">{one.reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
