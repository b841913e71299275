import { useEffect, useRef, useState } from 'react';

import { words } from '../../strings/words.ts';

interface SearchFieldProps {
  readonly value: string;
  readonly onChange: (text: string) => void;
}

/** One large line to type into; focused when the page opens. */
export function SearchField({ value, onChange }: SearchFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(value);
  useEffect(() => input.current?.focus(), []);
  // The address may change by other means than typing: by a link, or by going back.
  useEffect(() => {
    if (document.activeElement !== input.current) setTyped(value);
  }, [value]);
  return (
    <input
      ref={input}
      id="search"
      type="search"
      value={typed}
      onChange={(event) => {
        setTyped(event.target.value);
        onChange(event.target.value);
      }}
      aria-label={words.search.label}
      placeholder={words.search.placeholder}
      autoComplete="off"
      spellCheck={false}
      className="headline mb-8 w-full border-b-2 border-line bg-transparent pb-3 text-3xl placeholder:text-faint/70 focus:border-accent focus-visible:outline-none md:text-5xl [&::-webkit-search-cancel-button]:appearance-none"
    />
  );
}
