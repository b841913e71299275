// An OpenAPI 3.1 document as lists that a page can show. Reads only what it shows; anything that
// is not as expected is left out, never an error.

export interface Parameter {
  readonly name: string;
  readonly place: 'path' | 'query' | 'header' | 'cookie';
  readonly about: string;
  readonly required: boolean;
  readonly type: string;
}

export interface Answer {
  readonly status: string;
  readonly about: string;
  readonly type: string;
}

export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly about: string;
  /** Who may: `public`, `user`, `admin` or `media`. */
  readonly access: string;
  readonly parameters: readonly Parameter[];
  /** The fields of the request body; null without one. */
  readonly body: string | null;
  readonly answers: readonly Answer[];
}

export interface Group {
  readonly name: string;
  readonly operations: readonly Operation[];
}

export type Json = Readonly<Record<string, unknown>>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

export const record = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export function groupsOf(document: Json): readonly Group[] {
  const groups = new Map<string, Operation[]>();
  for (const [path, item] of Object.entries(record(document['paths']))) {
    for (const method of METHODS) {
      const found = record(item)[method];
      if (!found) continue;
      const name = text(list(record(found)['tags'])[0]) || 'other';
      const operation = operationOf(method, path, record(found), list(record(item)['parameters']));
      groups.set(name, [...(groups.get(name) ?? []), operation]);
    }
  }
  return [...groups].map(([name, operations]) => ({ name, operations }));
}

function operationOf(
  method: string,
  path: string,
  operation: Json,
  shared: readonly unknown[],
): Operation {
  const body = contentOf(operation['requestBody']);
  return {
    id: text(operation['operationId']) || `${method} ${path}`,
    method: method.toUpperCase(),
    path,
    summary: text(operation['summary']),
    about: text(operation['description']),
    access: text(operation['x-access']),
    parameters: [...shared, ...list(operation['parameters'])].map((it) => parameterOf(record(it))),
    body: body === null ? null : typeOf(body),
    answers: Object.entries(record(operation['responses'])).map(([status, answer]) => ({
      status,
      about: text(record(answer)['description']),
      type: typeOf(contentOf(answer)),
    })),
  };
}

function parameterOf(parameter: Json): Parameter {
  return {
    name: text(parameter['name']),
    place: text(parameter['in']) as Parameter['place'],
    about: text(parameter['description']),
    required: parameter['required'] === true,
    type: typeOf(parameter['schema']),
  };
}

/** The schema of the first media type of a body or answer. */
function contentOf(holder: unknown): unknown {
  const content = Object.values(record(record(holder)['content']));
  return content.length > 0 ? record(content[0])['schema'] : null;
}

/** A schema in a word: `string`, `Track`, `List_Track`, `Track[]`, `integer | null`. */
export function typeOf(schema: unknown): string {
  const { $ref, type, items, oneOf, anyOf, allOf, format } = record(schema);
  if (typeof $ref === 'string') return $ref.split('/').at(-1) ?? '';
  const options = list(oneOf ?? anyOf ?? allOf);
  if (options.length > 0) return options.map(typeOf).filter(Boolean).join(' | ');
  if (type === 'array') return `${typeOf(items) || 'any'}[]`;
  if (Array.isArray(type)) return type.join(' | ');
  return [text(type), text(format) && `(${text(format)})`].filter(Boolean).join(' ');
}
