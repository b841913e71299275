// Listening time by quality: one bar, and the same in words.

import { QUALITIES } from '@quicksync/player';

import type { Figures } from '../../api/wire.ts';
import { QUALITY_COLOUR } from '../../playback/quality.ts';
import { longTime } from '../../strings/time.ts';
import { words } from '../../strings/words.ts';
import { cx } from '../../ui/cx.ts';
import { shares } from './shares.ts';

export function Heard({ figures }: { figures: Figures }) {
  const parts = shares(figures.heard_s);
  return (
    <section className="grid gap-4">
      <h2 className="text-xl font-semibold tracking-tight">{words.analytics.heard}</h2>
      <HeardBar heard={figures.heard_s} className="h-8" />
      <dl className="numbers grid grid-cols-2 gap-4 sm:grid-cols-4">
        {QUALITIES.map((quality) => (
          <div key={quality} className="grid content-start gap-0.5">
            <dt className="inline-flex items-center gap-2 text-sm text-soft">
              <span aria-hidden="true" className={cx('size-2.5', QUALITY_COLOUR[quality])} />
              {words.quality.names[quality]}
            </dt>
            <dd className="font-medium">
              {words.stats.percent(parts[quality] * 100)}
              <span className="block text-sm font-normal text-soft">
                {figures.heard_s[quality] > 0
                  ? longTime(figures.heard_s[quality])
                  : words.analytics.never}
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

interface HeardBarProps {
  readonly heard: Figures['heard_s'];
  readonly className?: string;
}

/** The four qualities by their share of the time, the lowest first. */
export function HeardBar({ heard, className }: HeardBarProps) {
  const parts = shares(heard);
  return (
    <div aria-hidden="true" className={cx('flex overflow-hidden bg-sunk', className)}>
      {QUALITIES.map((quality) => (
        <span
          key={quality}
          className={QUALITY_COLOUR[quality]}
          style={{ width: `${parts[quality] * 100}%` }}
        />
      ))}
    </div>
  );
}
