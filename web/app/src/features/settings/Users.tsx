import { useQuery } from '@tanstack/react-query';

import { meQuery, usersQuery } from '../../api/queries.ts';
import type { User } from '../../api/wire.ts';
import { words } from '../../strings/words.ts';
import { NewUserForm } from './NewUserForm.tsx';
import { Rows } from './Rows.tsx';
import { Section } from './Section.tsx';

/** For administrators: who may listen here. */
export function Users() {
  const me = useQuery(meQuery).data;
  return (
    <Section title={words.settings.tabs.users} about={words.settings.usersIntro}>
      <NewUserForm />
      <Rows<User>
        query={usersQuery}
        path="/api/users/"
        about={({ is_admin }) =>
          is_admin ? words.settings.administrator : words.settings.listener
        }
        deed={words.settings.deleteUser}
        deedOf={words.settings.deleteUserOf}
        question={words.settings.deleteUserQuestion}
        canEnd={({ id }) => id !== me?.id}
      />
    </Section>
  );
}
