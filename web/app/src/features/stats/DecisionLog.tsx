// Every decision in a sentence, the latest first: all, or those of one kind, or those with a word.

import { useState } from 'react';

import { clock } from '../../strings/time.ts';
import { words } from '../../strings/words.ts';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { useHistory } from './HistoryContext.tsx';
import type { Decision } from './history.ts';

/** Drawn at first, and with every wish for more. */
const STEP = 20;

type Deed = keyof typeof words.stats.deeds;

const fits = ({ word, reason, code }: Decision, deed: Deed, text: string): boolean =>
  (deed === 'all' || word === deed) &&
  `${code} ${words.quality.reason(reason)}`.toLowerCase().includes(text);

export function DecisionLog() {
  const { decisions } = useHistory();
  const [deed, setDeed] = useState<Deed>('all');
  const [text, setText] = useState('');
  const [most, setMost] = useState(STEP);
  const found = decisions.filter((one) => fits(one, deed, text.trim().toLowerCase()));
  const shown = found.slice(-most).toReversed();
  return (
    <section className="grid content-start gap-3">
      <h2 className="text-xl font-semibold tracking-tight">{words.stats.decisions}</h2>
      <Choice
        label={words.stats.filter}
        value={deed}
        options={words.stats.deeds}
        onChange={setDeed}
      />
      <input
        type="search"
        aria-label={words.stats.search}
        placeholder={words.stats.search}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        className="min-h-10 w-full rounded-md border border-line bg-raised px-3 text-sm placeholder:text-faint"
      />
      {shown.length === 0 ? (
        <p className="text-soft">
          {decisions.length === 0 ? words.stats.nothing : words.stats.noneFits}
        </p>
      ) : (
        <Table shown={shown} last={found.length} />
      )}
      {found.length > most && (
        <div>
          <Button onClick={() => setMost(most + STEP)}>{words.stats.more}</Button>
        </div>
      )}
    </section>
  );
}

function Table({ shown, last }: { shown: readonly Decision[]; last: number }) {
  return (
    <table className="numbers w-full border-y border-line text-left text-sm">
      <thead className="text-faint">
        <tr className="label">
          <th className="py-2 pr-4 font-semibold">{words.stats.at}</th>
          <th className="py-2 pr-4 font-semibold">{words.stats.segmentHead}</th>
          <th className="py-2 font-semibold">{words.quality.why}</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((one, i) => (
          <tr key={last - i} className="border-t border-line align-top">
            <td className="py-1.5 pr-4 text-soft">{clock(one.at)}</td>
            <td className="py-1.5 pr-4 text-soft">{one.segment ? one.segment.index + 1 : ''}</td>
            <td className="py-1.5">{words.quality.reason(one.reason)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
