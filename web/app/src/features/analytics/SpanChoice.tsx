import { addressOf } from '../../api/client.ts';
import { QUICK_SYNC, spanQuery, type Span } from '../../api/queries.ts';
import { words } from '../../strings/words.ts';
import { Choice } from '../../ui/Choice.tsx';
import { FileLink } from '../../ui/FileLink.tsx';

interface SpanChoiceProps {
  readonly span: Span;
  readonly isAdmin: boolean;
  readonly onChange: (span: Span) => void;
}

type Days = keyof typeof words.analytics.spans;

export function SpanChoice({ span, isAdmin, onChange }: SpanChoiceProps) {
  const file = (format: 'csv' | 'json') =>
    addressOf(`${QUICK_SYNC}analytics/export/`, { ...spanQuery(span), format });
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-10 gap-y-3 border-b border-line pb-3">
      <div className="flex flex-wrap gap-x-10 gap-y-1">
        <Choice
          label={words.analytics.time}
          value={String(span.days) as unknown as `${Days}`}
          options={words.analytics.spans}
          onChange={(days) => onChange({ ...span, days: Number(days) })}
        />
        {isAdmin && (
          <Choice
            label={words.analytics.whose}
            value={span.everyone ? 'everyone' : 'mine'}
            options={words.analytics.who}
            onChange={(who) => onChange({ ...span, everyone: who === 'everyone' })}
          />
        )}
      </div>
      <div className="flex flex-wrap gap-3">
        <FileLink href={file('csv')} name="quicksync-sessions.csv">
          {words.analytics.csv}
        </FileLink>
        <FileLink href={file('json')} name="quicksync-sessions.json">
          {words.analytics.json}
        </FileLink>
      </div>
    </div>
  );
}
