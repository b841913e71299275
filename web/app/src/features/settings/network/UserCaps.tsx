import { useQuery } from '@tanstack/react-query';

import { ask } from '../../../api/client.ts';
import { QUICK_SYNC, rulesQuery, statusQuery } from '../../../api/queries.ts';
import type { Caps } from '../../../api/wire.ts';
import { RowsSkeleton } from '../../../library/Skeletons.tsx';
import { words } from '../../../strings/words.ts';
import { Failure } from '../../../ui/Notice.tsx';
import { Section } from '../Section.tsx';
import { useChange } from '../useChange.ts';
import { CapRows } from './CapRows.tsx';

/** Caps for every device of the listener, and which of them holds here and now. */
export function UserCaps() {
  const rules = useQuery(rulesQuery);
  const change = useChange((caps: Caps) =>
    ask(`${QUICK_SYNC}rules/`, { method: 'PATCH', body: { caps } }),
  );
  return (
    <Section title={words.network.caps} about={words.network.capsAbout}>
      {rules.isPending && <RowsSkeleton rows={5} />}
      {rules.isError && <Failure error={rules.error} retry={() => void rules.refetch()} />}
      {rules.data && (
        <CapRows
          // What was asked for shows at once; the answer has the last word.
          caps={{ ...rules.data.caps, ...(change.isPending ? change.variables : {}) }}
          onChange={(caps) => change.mutate(caps)}
        />
      )}
      <InForce />
      {change.isError && <Failure error={change.error} />}
    </Section>
  );
}

function InForce() {
  const quality = useQuery(statusQuery).data?.status.quality;
  if (!quality) return null;
  const { cap, cap_reason: reason } = quality;
  return (
    <output className="text-sm text-soft">
      {cap ? words.network.inForce(cap, reason ?? '') : words.network.nothingInForce}
    </output>
  );
}
