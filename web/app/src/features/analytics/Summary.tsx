import type { Figures } from '../../api/wire.ts';
import { decimal, size } from '../../strings/size.ts';
import { longTime } from '../../strings/time.ts';
import { words } from '../../strings/words.ts';
import { Figure, FigureRow } from '../../ui/Figures.tsx';

const none = words.analytics.unknown;
const seconds = (ms: number | null | undefined) =>
  ms === null || ms === undefined ? none : words.stats.secs(ms / 1e3);

/** The sums, and one sentence about what adapting was worth. */
export function Summary({ figures }: { figures: Figures }) {
  const { bytes, saved_bytes: saved, wasted_bytes: wasted } = figures;
  const share = bytes > 0 ? (wasted / bytes) * 100 : 0;
  return (
    <section className="grid gap-6">
      <p className="headline max-w-4xl text-2xl leading-snug md:text-3xl">
        {words.analytics.sentence(
          longTime(figures.listened_s),
          figures.stalls,
          saved >= 0 ? words.analytics.saved(size(saved)) : words.analytics.spent(size(-saved)),
        )}
      </p>
      <FigureRow>
        <Figure name={words.analytics.stallsPerHour}>
          {figures.stalls_per_hour === null ? none : decimal(figures.stalls_per_hour ?? 0)}
        </Figure>
        <Figure name={words.analytics.startup}>
          {seconds(figures.startup_p50_ms)} / {seconds(figures.startup_p95_ms)}
        </Figure>
        <Figure name={words.analytics.switches}>{figures.switches}</Figure>
        <Figure name={words.analytics.bytes}>{size(bytes)}</Figure>
        <Figure name={words.analytics.wasted}>
          {size(wasted)} ({words.stats.percent(share)})
        </Figure>
        <Figure name={words.analytics.qoe}>
          {figures.qoe === null || figures.qoe === undefined
            ? none
            : words.analytics.score(figures.qoe)}
        </Figure>
      </FigureRow>
      <p className="max-w-prose text-sm text-soft">{words.analytics.qoeAbout}</p>
    </section>
  );
}
