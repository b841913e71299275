import { words } from '../../strings/words.ts';
import { Figure, FigureRow } from '../../ui/Figures.tsx';
import { sumsOf } from './figures.ts';
import { useHistory } from './HistoryContext.tsx';

/** How it went so far, in numbers. */
export function Figures() {
  const sums = sumsOf(useHistory());
  const { bytes, wasted, late, stalls, stalledSeconds, switches, startup } = sums;
  const megabytes = (count: number) => words.stats.megabytes(count / 1e6);
  const share = bytes > 0 ? (wasted / bytes) * 100 : 0;
  return (
    <FigureRow>
      <Figure name={words.stats.startup}>
        {startup === null ? words.quality.none_yet : words.stats.secs(startup)}
      </Figure>
      <Figure name={words.quality.stalls}>
        {words.quality.stallsOf(stalls, stalledSeconds.toFixed(1))}
      </Figure>
      <Figure name={words.stats.switches}>{switches}</Figure>
      <Figure name={words.stats.loaded}>{megabytes(bytes)}</Figure>
      <Figure name={words.stats.wasted}>{words.stats.percent(share)}</Figure>
      <Figure name={words.stats.lateOnes}>{late}</Figure>
    </FigureRow>
  );
}
