// A filled-in form as an address, and an answer as text that fits a page.

import type { Operation } from './document.ts';

/** No page shows more characters of an answer. */
const MOST = 20_000;

export interface Target {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

/** Fields left empty are not sent. */
export function targetOf(operation: Operation, values: Readonly<Record<string, string>>): Target {
  const given = operation.parameters.filter(({ name }) => (values[name] ?? '') !== '');
  const query = given
    .filter(({ place }) => place === 'query')
    .map(({ name }) => [name, values[name] ?? ''] as const);
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(values[name] ?? ''),
  );
  return { path, query: Object.fromEntries(query) };
}

export async function excerptOf(response: Response): Promise<string> {
  const type = response.headers.get('content-type') ?? '';
  if (!/json|text|xml|mpegurl/.test(type)) {
    const { size } = await response.blob();
    return `${type || 'no content'}, ${size} bytes`;
  }
  const text = pretty(await response.text());
  return text.length > MOST ? `${text.slice(0, MOST)}\n…` : text;
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text; // not JSON: as it is
  }
}
