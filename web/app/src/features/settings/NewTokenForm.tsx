import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';

import { ask } from '../../api/client.ts';
import { sentenceOf } from '../../api/problem.ts';
import { tokensQuery } from '../../api/queries.ts';
import type { NewToken } from '../../api/wire.ts';
import { words } from '../../strings/words.ts';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';

export function NewTokenForm() {
  const client = useQueryClient();
  const create = useMutation({
    mutationFn: (name: FormDataEntryValue | null) =>
      ask<NewToken>('/api/auth/tokens/', { method: 'POST', body: { name } }),
    onSuccess: () => client.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    create.mutate(new FormData(form).get('name'), { onSuccess: () => form.reset() });
  };
  return (
    <div className="grid gap-4">
      <form onSubmit={submit} className="flex max-w-lg flex-wrap items-end gap-3">
        <div className="min-w-56 flex-1">
          <Field
            label={words.settings.tokenName}
            name="name"
            required
            maxLength={80}
            autoComplete="off"
            problem={create.isError ? sentenceOf(create.error) : null}
          />
        </div>
        <Button type="submit" look="solid" className="min-h-11" disabled={create.isPending}>
          {words.settings.createToken}
        </Button>
      </form>
      {create.data && <Secret token={create.data.token} />}
    </div>
  );
}

/** A secret that is shown this once. */
function Secret({ token }: { token: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => void navigator.clipboard?.writeText(token).then(() => setCopied(true));
  return (
    <output className="grid gap-3 rounded-lg border border-accent p-4">
      <p className="font-medium">{words.settings.tokenOnce}</p>
      <code className="overflow-x-auto rounded bg-sunk px-3 py-2 text-sm select-all">{token}</code>
      <div>
        <Button onClick={copy}>{copied ? words.settings.copied : words.settings.copy}</Button>
      </div>
    </output>
  );
}
