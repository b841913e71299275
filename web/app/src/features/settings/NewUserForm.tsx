import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';

import { ask } from '../../api/client.ts';
import { asProblem } from '../../api/problem.ts';
import { usersQuery } from '../../api/queries.ts';
import type { User } from '../../api/wire.ts';
import { words } from '../../strings/words.ts';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';

export function NewUserForm() {
  const client = useQueryClient();
  const create = useMutation({
    mutationFn: (body: object) => ask<User>('/api/users/', { method: 'POST', body }),
    onSuccess: () => client.invalidateQueries({ queryKey: usersQuery.queryKey }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const given = new FormData(form);
    const [name, password] = [given.get('name'), given.get('password')];
    const body = { name, password, is_admin: given.has('is_admin') };
    create.mutate(body, { onSuccess: () => form.reset() });
  };
  const problem = create.isError ? asProblem(create.error) : null;
  const isPassword = problem?.field === 'password';
  return (
    <form onSubmit={submit} className="grid max-w-sm gap-4">
      <Field
        label={words.auth.name}
        name="name"
        required
        maxLength={64}
        autoComplete="off"
        problem={problem && !isPassword ? problem.message : null}
      />
      <Field
        label={words.auth.password}
        name="password"
        type="password"
        autoComplete="new-password"
        required
        minLength={8}
        hint={words.auth.passwordRule}
        problem={isPassword ? problem.message : null}
      />
      <label className="flex min-h-10 items-center gap-3">
        <input type="checkbox" name="is_admin" className="size-5 accent-accent" />
        {words.settings.mayAdminister}
      </label>
      <div>
        <Button type="submit" look="solid" disabled={create.isPending}>
          {words.auth.create}
        </Button>
      </div>
    </form>
  );
}
