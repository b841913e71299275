import { Link } from '@tanstack/react-router';

import { tokensQuery } from '../../api/queries.ts';
import type { Token } from '../../api/wire.ts';
import { words } from '../../strings/words.ts';
import { ago } from '../../strings/time.ts';
import { NewTokenForm } from './NewTokenForm.tsx';
import { Rows } from './Rows.tsx';
import { Section } from './Section.tsx';

export function Tokens() {
  return (
    <Section title={words.settings.tabs.tokens} about={words.settings.tokensIntro}>
      <NewTokenForm />
      <Rows<Token>
        query={tokensQuery}
        path="/api/auth/tokens/"
        about={(token) => words.settings.lastUsed(ago(token.last_used_at))}
        deed={words.settings.revoke}
        deedOf={words.settings.revokeOf}
        empty={words.settings.noTokens}
      />
      <Link to="/reference" className="text-accent underline-offset-4 hover:underline">
        {words.settings.browseReference}
      </Link>
    </Section>
  );
}
