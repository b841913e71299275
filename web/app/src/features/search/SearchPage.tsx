// Search as one types. The text lives in the address, so that a search can be kept and shared.

import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useDeferredValue } from 'react';

import { searchQuery } from '../../api/queries.ts';
import { RowsSkeleton } from '../../library/Skeletons.tsx';
import { words } from '../../strings/words.ts';
import { Failure } from '../../ui/Notice.tsx';
import { useTitle } from '../../ui/Page.tsx';
import { AllOfKind } from './AllOfKind.tsx';
import { Results } from './Results.tsx';
import { SearchField } from './SearchField.tsx';

export function SearchPage() {
  useTitle(words.nav.search);
  const { q = '', kind } = useSearch({ from: '/shell/search' });
  const navigate = useNavigate();
  const text = useDeferredValue(q.trim());
  const type = (typed: string) =>
    void navigate({ to: '/search', search: typed ? { q: typed } : {}, replace: true });
  return (
    <>
      <h1 className="sr-only">{words.nav.search}</h1>
      <SearchField value={q} onChange={type} />
      {text === '' && <p className="text-soft">{words.search.hint}</p>}
      {text !== '' && (kind ? <AllOfKind kind={kind} text={text} /> : <Found text={text} />)}
    </>
  );
}

function Found({ text }: { text: string }) {
  const query = useQuery(searchQuery(text));
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  return query.data ? <Results text={text} results={query.data} /> : <RowsSkeleton rows={6} />;
}
