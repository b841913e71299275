import { useQuery } from '@tanstack/react-query';

import { ask } from '../../../api/client.ts';
import { QUICK_SYNC, rulesQuery } from '../../../api/queries.ts';
import { RowsSkeleton } from '../../../library/Skeletons.tsx';
import { words } from '../../../strings/words.ts';
import { Failure } from '../../../ui/Notice.tsx';
import { Section } from '../Section.tsx';
import { useChange } from '../useChange.ts';
import { KeepRows, type Kept } from './KeepRows.tsx';
import { Storage } from './Storage.tsx';

/** What is kept, at which quality, and how much room it takes. */
export function Downloads() {
  return (
    <>
      <Kinds />
      <Storage />
    </>
  );
}

function Kinds() {
  const rules = useQuery(rulesQuery);
  const change = useChange((body: Kept) => ask(`${QUICK_SYNC}rules/`, { method: 'PATCH', body }));
  return (
    <Section title={words.downloads.keep} about={words.downloads.keepAbout}>
      {rules.isPending && <RowsSkeleton rows={2} />}
      {rules.isError && <Failure error={rules.error} retry={() => void rules.refetch()} />}
      {rules.data && (
        <KeepRows
          own={{ ...rules.data, ...(change.isPending ? change.variables : {}) }}
          onChange={(kept) => change.mutate(kept)}
        />
      )}
      {change.isError && <Failure error={change.error} />}
    </Section>
  );
}
