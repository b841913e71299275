import { loginsQuery } from '../../api/queries.ts';
import type { LoginSession } from '../../api/wire.ts';
import { en } from '../../strings/en.ts';
import { ago } from '../../strings/time.ts';
import { Rows } from './Rows.tsx';

const about = (login: LoginSession) =>
  login.is_current ? en.settings.thisBrowser : en.settings.lastUsed(ago(login.last_used_at));

export function Logins() {
  return (
    <Rows<LoginSession>
      query={loginsQuery}
      path="/api/auth/sessions/"
      about={about}
      deed={en.settings.end}
      deedOf={(name) => `${en.settings.end}: ${name}`}
      canEnd={(login) => !login.is_current}
    />
  );
}
