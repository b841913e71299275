import type { SessionEvent } from '../../api/wire.ts';
import { clock } from '../../strings/time.ts';
import { words } from '../../strings/words.ts';
import { eventText } from './eventText.ts';
import { runsOf } from './runs.ts';

/** What happened, in the order in which it did. */
export function Events({
  events,
  startedAt,
}: {
  events: readonly SessionEvent[];
  startedAt: number;
}) {
  return (
    <section className="grid content-start gap-3">
      <h2 className="text-xl font-semibold tracking-tight">{words.analytics.events}</h2>
      {events.length === 0 && <p className="text-soft">{words.analytics.noEvents}</p>}
      <ol className="numbers border-t border-line text-sm">
        {runsOf(events).map((event, at) => (
          <li key={at} className="grid grid-cols-[4rem_minmax(0,1fr)] border-b border-line py-1.5">
            <span className="text-soft">{clock(event.at - startedAt)}</span>
            {eventText(event)}
          </li>
        ))}
      </ol>
    </section>
  );
}
