import type { SessionDetail } from '../../api/wire.ts';
import { words } from '../../strings/words.ts';

/** How far the session stayed behind the best there could have been, where the server has reckoned. */
export function Optimum({ session }: { session: SessionDetail }) {
  const { hindsight, ended_at: ended } = session;
  const said = words.analytics.optimum;
  return (
    <section className="grid gap-3">
      <h2 className="text-xl font-semibold tracking-tight">{said.title}</h2>
      <p className="max-w-prose text-lg">{sentence(hindsight, ended !== null)}</p>
      <p className="max-w-prose text-sm text-soft">{said.about}</p>
    </section>
  );
}

function sentence(hindsight: SessionDetail['hindsight'], isOver: boolean): string {
  const said = words.analytics.optimum;
  if (!hindsight) return isOver ? said.pending : said.lasting;
  const { outcome, distance_at_least: least, distance_at_most: most } = hindsight;
  if (typeof least === 'number' && typeof most === 'number') {
    return said.distance(words.analytics.score(least), words.analytics.score(most));
  }
  return said.outcomes[outcome] ?? said.pending;
}
