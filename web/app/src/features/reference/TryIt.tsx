// Sends a GET as the logged-in user and shows what comes back.

import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';

import { addressOf } from '../../api/client.ts';
import { sentenceOf } from '../../api/problem.ts';
import { words } from '../../strings/words.ts';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';
import type { Operation } from './document.ts';
import { excerptOf, targetOf } from './trial.ts';

export function TryIt({ operation }: { operation: Operation }) {
  const send = useMutation({
    mutationFn: async (values: Readonly<Record<string, string>>) => {
      const { path, query } = targetOf(operation, values);
      const response = await fetch(addressOf(path, query), { credentials: 'same-origin' });
      return { status: response.status, text: await excerptOf(response) };
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(event.currentTarget));
    send.mutate(values as Readonly<Record<string, string>>);
  };
  const asked = operation.parameters.filter(({ place }) => place === 'path' || place === 'query');
  return (
    <form onSubmit={submit} className="grid gap-3">
      <h3 className="label text-faint">{words.reference.try}</h3>
      {asked.length > 0 && (
        <div className="grid max-w-2xl gap-3 sm:grid-cols-2">
          {asked.map(({ name, place }) => (
            <Field key={name} label={name} name={name} required={place === 'path'} />
          ))}
        </div>
      )}
      <div>
        <Button type="submit" disabled={send.isPending}>
          {words.reference.send}
        </Button>
      </div>
      {send.isError && <p role="alert">{sentenceOf(send.error)}</p>}
      {send.data && (
        <output className="grid gap-2">
          <p className="numbers text-sm font-semibold">
            {words.reference.answer}: {send.data.status}
          </p>
          <pre className="max-h-96 overflow-auto rounded-md bg-sunk px-4 py-3 text-xs">
            {send.data.text}
          </pre>
        </output>
      )}
    </form>
  );
}
