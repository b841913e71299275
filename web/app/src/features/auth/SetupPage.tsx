// The first account. The secret stands in the fragment, so that no server's log ever sees it.

import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';

import { asProblem, Problem } from '../../api/problem.ts';
import { words } from '../../strings/words.ts';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';
import { AuthFrame } from './AuthFrame.tsx';
import { formValue } from './form.ts';
import { useEnter } from './useEnter.ts';

export function SetupPage() {
  const secret = useLocation({ select: (location) => location.hash });
  return (
    <AuthFrame title={words.auth.setup} intro={words.auth.loginIntro}>
      {secret ? <SetupForm secret={secret} /> : <p role="alert">{words.auth.noSecret}</p>}
      <Link to="/login" className="text-sm text-accent underline-offset-4 hover:underline">
        {words.auth.setupDone}
      </Link>
    </AuthFrame>
  );
}

function SetupForm({ secret }: { secret: string }) {
  const navigate = useNavigate();
  const [differs, setDiffers] = useState(false);
  const enter = useEnter('/api/auth/setup/', () => void navigate({ to: '/' }));
  const problem = enter.isError ? asProblem(enter.error) : null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [name, password] = [formValue(form, 'name'), formValue(form, 'password')];
    const isSame = password === formValue(form, 'again');
    setDiffers(!isSame);
    if (isSame) enter.mutate({ secret, name, password });
  };
  return (
    <form onSubmit={submit} className="grid gap-5">
      <p className="text-soft">{words.auth.setupIntro}</p>
      <Field
        label={words.auth.name}
        name="name"
        autoComplete="username"
        required
        maxLength={64}
        focused
        problem={at(problem, 'name')}
      />
      <Field
        label={words.auth.password}
        name="password"
        type="password"
        autoComplete="new-password"
        required
        minLength={8}
        hint={words.auth.passwordRule}
        problem={at(problem, 'password')}
      />
      <Field
        label={words.auth.repeat}
        name="again"
        type="password"
        autoComplete="new-password"
        required
        problem={differs ? words.auth.mismatch : null}
      />
      {problem && !isOfAField(problem) && (
        <p role="alert" className="text-danger">
          {problem.message}
        </p>
      )}
      <Button type="submit" look="solid" disabled={enter.isPending}>
        {words.auth.create}
      </Button>
    </form>
  );
}

const isOfAField = ({ field }: Problem): boolean => field === 'name' || field === 'password';

const at = (problem: Problem | null, field: string): string | null =>
  problem?.field === field ? problem.message : null;
