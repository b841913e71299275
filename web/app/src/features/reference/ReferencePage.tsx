import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { ask } from '../../api/client.ts';
import { atServer } from '../../base.ts';
import { RowsSkeleton } from '../../library/Skeletons.tsx';
import { words } from '../../strings/words.ts';
import { Failure } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { groupsOf, type Group, type Json } from './document.ts';
import { OperationView } from './OperationView.tsx';

const documentQuery = queryOptions({
  queryKey: ['openapi'],
  queryFn: ({ signal }) => ask<Json>('/api/openapi.json', { signal }),
  staleTime: Infinity,
});

export function ReferencePage() {
  const document = useQuery(documentQuery);
  return (
    <Page
      title={words.reference.title}
      about={words.reference.intro}
      actions={
        <a
          href={atServer('/api/openapi.json')}
          className="text-sm text-accent underline-offset-4 hover:underline"
        >
          {words.reference.download}
        </a>
      }
    >
      {document.isPending && <RowsSkeleton />}
      {document.isError && <Failure error={document.error} retry={() => void document.refetch()} />}
      {document.data && <Reference document={document.data} />}
    </Page>
  );
}

export function Reference({ document }: { document: Json }) {
  const [wanted, setWanted] = useState('');
  const groups = matching(groupsOf(document), wanted.trim().toLowerCase());
  return (
    <>
      <input
        type="search"
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
        aria-label={words.reference.filter}
        placeholder={words.reference.filter}
        className="mb-8 min-h-11 w-full max-w-sm rounded-md border border-line bg-raised px-3 placeholder:text-faint"
      />
      {groups.length === 0 && <p>{words.reference.none}</p>}
      {groups.map((group) => (
        <section key={group.name} className="mb-12">
          <h2 className="headline mb-3 text-2xl first-letter:uppercase">{group.name}</h2>
          <div className="border-t border-line">
            {group.operations.map((operation) => (
              <OperationView key={operation.id} operation={operation} document={document} />
            ))}
          </div>
        </section>
      ))}
    </>
  );
}

/** Groups with only the operations that contain `wanted`, without those that have none. */
function matching(groups: readonly Group[], wanted: string): readonly Group[] {
  return groups
    .map(({ name, operations }) => ({
      name,
      operations: operations.filter((operation) =>
        `${operation.method} ${operation.path} ${operation.summary}`.toLowerCase().includes(wanted),
      ),
    }))
    .filter(({ operations }) => operations.length > 0);
}
