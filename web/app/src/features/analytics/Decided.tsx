import { useState } from 'react';

import { words } from '../../strings/words.ts';
import { Button } from '../../ui/Button.tsx';
import { sentencesOf } from './sentences.ts';

const STEP = 30;

/** What was decided in the session, sentence by sentence, where its player told. */
export function Decided({ log }: { log: string | null | undefined }) {
  const [most, setMost] = useState(STEP);
  const sentences = sentencesOf(log ?? '');
  return (
    <section className="grid content-start gap-3">
      <h2 className="text-xl font-semibold tracking-tight">{words.stats.decisions}</h2>
      {sentences.length === 0 && <p className="text-soft">{words.analytics.noLog}</p>}
      <ol className="numbers border-t border-line text-sm">
        {sentences.slice(0, most).map(({ segment, reason }, at) => (
          <li key={at} className="grid grid-cols-[4rem_minmax(0,1fr)] border-b border-line py-1.5">
            <span className="text-soft">
              {segment === null ? '' : words.stats.segment(segment + 1)}
            </span>
            {words.quality.reason(reason)}
          </li>
        ))}
      </ol>
      {sentences.length > most && (
        <div>
          <Button onClick={() => setMost(most + STEP)}>{words.stats.more}</Button>
        </div>
      )}
    </section>
  );
}
