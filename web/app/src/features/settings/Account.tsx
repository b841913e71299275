import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { ask } from '../../api/client.ts';
import { meQuery } from '../../api/queries.ts';
import { words } from '../../strings/words.ts';
import { Button } from '../../ui/Button.tsx';
import { Failure } from '../../ui/Notice.tsx';
import { Logins } from './Logins.tsx';
import { PasswordForm } from './PasswordForm.tsx';
import { Section } from './Section.tsx';

export function Account() {
  const client = useQueryClient();
  const me = useQuery(meQuery).data;
  const logOut = useMutation({
    mutationFn: () => ask('/api/auth/logout/', { method: 'POST' }),
    onSuccess: () => {
      // Whoever watches `me` must see it go; what else was known of the listener goes with it.
      client.setQueryData(meQuery.queryKey, null);
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== meQuery.queryKey[0] });
    },
  });
  return (
    <>
      <Section
        title={words.settings.tabs.account}
        about={words.settings.loggedInAs(me?.name ?? '')}
      >
        <div>
          <Button disabled={logOut.isPending} onClick={() => logOut.mutate()}>
            {words.settings.logOut}
          </Button>
          {logOut.isError && <Failure error={logOut.error} />}
        </div>
      </Section>
      <Section title={words.settings.changePassword}>
        <PasswordForm />
      </Section>
      <Section title={words.settings.logins}>
        <Logins />
      </Section>
    </>
  );
}
