import { useMutation, useQueryClient } from '@tanstack/react-query';

import { ask } from '../../api/client.ts';
import { atServer } from '../../base.ts';
import { words } from '../../strings/words.ts';
import { Button } from '../../ui/Button.tsx';
import { Failure } from '../../ui/Notice.tsx';
import { Section } from './Section.tsx';

/** What is kept about the listener: theirs to have, and theirs to erase. */
export function Privacy() {
  const client = useQueryClient();
  const erase = useMutation({
    mutationFn: () => ask('/api/account/data/', { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries(),
  });
  const confirmed = () => {
    if (confirm(words.settings.eraseQuestion)) erase.mutate();
  };
  return (
    <Section title={words.settings.tabs.privacy} about={words.settings.privacyIntro}>
      <div className="flex flex-wrap gap-3">
        <a
          href={atServer('/api/account/export/')}
          download="quicksync-export.json"
          className="inline-flex min-h-10 items-center rounded-full border border-line px-5 text-sm font-semibold hover:border-faint hover:bg-raised"
        >
          {words.settings.exportData}
        </a>
        <Button look="danger" disabled={erase.isPending} onClick={confirmed}>
          {words.settings.eraseData}
        </Button>
      </div>
      {erase.isSuccess && <output>{words.settings.erased}</output>}
      {erase.isError && <Failure error={erase.error} />}
    </Section>
  );
}
