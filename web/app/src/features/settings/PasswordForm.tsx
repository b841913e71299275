import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';

import { ask } from '../../api/client.ts';
import { asProblem } from '../../api/problem.ts';
import { words } from '../../strings/words.ts';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';

export function PasswordForm() {
  const change = useMutation({
    mutationFn: (body: Readonly<Record<string, FormDataEntryValue>>) =>
      ask('/api/auth/password/', { method: 'POST', body }),
  });
  const problem = change.isError ? asProblem(change.error) : null;
  const isCurrent = problem !== null && problem.field !== 'new_password';
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    change.mutate(Object.fromEntries(new FormData(form)), { onSuccess: () => form.reset() });
  };
  return (
    <form onSubmit={submit} className="grid max-w-sm gap-4">
      <Field
        label={words.settings.currentPassword}
        name="current_password"
        type="password"
        autoComplete="current-password"
        required
        problem={isCurrent ? problem.message : null}
      />
      <Field
        label={words.settings.newPassword}
        name="new_password"
        type="password"
        autoComplete="new-password"
        required
        minLength={8}
        hint={words.auth.passwordRule}
        problem={problem && !isCurrent ? problem.message : null}
      />
      <div>
        <Button type="submit" look="solid" disabled={change.isPending}>
          {words.settings.changePassword}
        </Button>
      </div>
      {change.isSuccess && <output>{words.settings.passwordChanged}</output>}
    </form>
  );
}
