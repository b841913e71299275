import { useState, type ReactNode } from 'react';

import { words } from '../../strings/words.ts';
import { cx } from '../../ui/cx.ts';
import type { Json, Operation } from './document.ts';
import { shapeOf } from './shape.ts';
import { TryIt } from './TryIt.tsx';

const METHOD_INK: Readonly<Record<string, string>> = { GET: 'text-accent', DELETE: 'text-danger' };

interface OperationViewProps {
  readonly operation: Operation;
  readonly document: Json;
}

export function OperationView({ operation, document }: OperationViewProps) {
  const [open, setOpen] = useState(false);
  const { method, path, summary, access } = operation;
  return (
    <details
      className="border-b border-line"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="flex min-h-14 flex-wrap items-baseline gap-x-4 gap-y-1 py-3.5 marker:content-none">
        <span className={cx('w-14 text-xs font-bold', METHOD_INK[method] ?? 'text-ink')}>
          {method}
        </span>
        <code className="text-sm wrap-anywhere">{path}</code>
        <span className="text-sm text-soft">{summary}</span>
        {access && (
          <span className="ml-auto text-xs text-faint">
            {words.reference.access[access] ?? access}
          </span>
        )}
      </summary>
      {open && <Details operation={operation} document={document} />}
    </details>
  );
}

function Details({ operation, document }: OperationViewProps) {
  const { about, parameters, body, answers } = operation;
  return (
    <div className="grid gap-6 pt-1 pb-7 md:pl-18">
      {about && <p className="max-w-prose whitespace-pre-line text-soft">{about}</p>}
      {parameters.length > 0 && (
        <Block title={words.reference.parameters}>
          <dl className="grid gap-2 text-sm">
            {parameters.map((parameter) => (
              <div key={parameter.name} className="flex flex-wrap gap-x-3">
                <dt>
                  <code className="font-semibold">{parameter.name}</code>
                </dt>
                <dd className="text-soft">
                  {[parameter.place, parameter.type, parameter.required && words.reference.required]
                    .filter(Boolean)
                    .join(', ')}
                </dd>
                {parameter.about && <dd>{parameter.about}</dd>}
              </div>
            ))}
          </dl>
        </Block>
      )}
      {body !== null && (
        <Block title={words.reference.body}>
          <Shape document={document} type={body} />
        </Block>
      )}
      <Block title={words.reference.responses}>
        {answers.map((answer) => (
          <div key={answer.status} className="grid gap-2">
            <p className="text-sm">
              <span className="numbers font-semibold">{answer.status}</span> {answer.about}{' '}
              <code className="text-soft">{answer.type}</code>
            </p>
            {answer.status.startsWith('2') && <Shape document={document} type={answer.type} />}
          </div>
        ))}
      </Block>
      {operation.method === 'GET' && <TryIt operation={operation} />}
    </div>
  );
}

function Block({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="grid gap-2">
      <h3 className="label text-faint">{title}</h3>
      {children}
    </section>
  );
}

function Shape({ document, type }: { document: Json; type: string }) {
  const shape = shapeOf(document, type);
  if (!shape) return null;
  return (
    <pre className="overflow-x-auto rounded-md bg-sunk px-4 py-3 text-xs leading-relaxed">
      {shape}
    </pre>
  );
}
