import { useRouter, useSearch } from '@tanstack/react-router';
import type { FormEvent } from 'react';

import { sentenceOf } from '../../api/problem.ts';
import { words } from '../../strings/words.ts';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';
import { AuthFrame } from './AuthFrame.tsx';
import { formValue } from './form.ts';
import { useEnter } from './useEnter.ts';

export function LoginPage() {
  const { from } = useSearch({ from: '/login' });
  const router = useRouter();
  const enter = useEnter('/api/auth/login/', () => {
    const { pathname, search } = new URL(from ?? '/', location.origin);
    void router.navigate({ to: pathname, search: router.options.parseSearch(search) });
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    enter.mutate({ name: formValue(form, 'name'), password: formValue(form, 'password') });
  };
  return (
    <AuthFrame title={words.auth.login} intro={words.auth.loginIntro}>
      <form onSubmit={submit} className="grid gap-5">
        {from && !enter.isError && <p className="text-soft">{words.auth.ended}</p>}
        <Field label={words.auth.name} name="name" autoComplete="username" required focused />
        <Field
          label={words.auth.password}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          problem={enter.isError ? sentenceOf(enter.error) : null}
        />
        <Button type="submit" look="solid" disabled={enter.isPending}>
          {words.auth.login}
        </Button>
      </form>
    </AuthFrame>
  );
}
