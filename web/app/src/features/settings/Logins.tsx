import { loginsQuery } from '../../api/queries.ts';
import type { LoginSession } from '../../api/wire.ts';
import { words } from '../../strings/words.ts';
import { ago } from '../../strings/time.ts';
import { Rows } from './Rows.tsx';

const about = (login: LoginSession) =>
  login.is_current ? words.settings.thisBrowser : words.settings.lastUsed(ago(login.last_used_at));

export function Logins() {
  return (
    <Rows<LoginSession>
      query={loginsQuery}
      path="/api/auth/sessions/"
      about={about}
      deed={words.settings.end}
      deedOf={(name) => `${words.settings.end}: ${name}`}
      canEnd={(login) => !login.is_current}
    />
  );
}
