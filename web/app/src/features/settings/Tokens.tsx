import { Link } from '@tanstack/react-router';

import { tokensQuery } from '../../api/queries.ts';
import type { Token } from '../../api/wire.ts';
import { en } from '../../strings/en.ts';
import { ago } from '../../strings/time.ts';
import { NewTokenForm } from './NewTokenForm.tsx';
import { Rows } from './Rows.tsx';
import { Section } from './Section.tsx';

export function Tokens() {
  return (
    <Section title={en.settings.tabs.tokens} about={en.settings.tokensIntro}>
      <NewTokenForm />
      <Rows<Token>
        query={tokensQuery}
        path="/api/auth/tokens/"
        about={(token) => en.settings.lastUsed(ago(token.last_used_at))}
        deed={en.settings.revoke}
        deedOf={en.settings.revokeOf}
        empty={en.settings.noTokens}
      />
      <Link to="/reference" className="text-accent underline-offset-4 hover:underline">
        {en.settings.browseReference}
      </Link>
    </Section>
  );
}
