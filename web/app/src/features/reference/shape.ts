// A schema written out as the JSON it describes, a line a field. Pure.

import { record, typeOf, type Json } from './document.ts';

const DEPTH = 5;

/** Resolves a name of the document's components; empty if it has none of that name. */
export const schemaNamed = (document: Json, name: string): Json =>
  record(record(record(document['components'])['schemas'])[name]);

/** Lines such as `"title": string  – As tagged`; empty for what is not an object. */
export function shapeOf(document: Json, name: string): string {
  const isList = name.endsWith('[]');
  const plain = isList ? name.slice(0, -2) : name;
  const lines = linesOf(document, schemaNamed(document, plain), 0, new Set([plain]));
  return lines.length === 0 ? '' : lines.join('\n');
}

function linesOf(document: Json, schema: Json, depth: number, seen: ReadonlySet<string>): string[] {
  if (depth >= DEPTH) return [];
  const parts = Array.isArray(schema['allOf']) ? schema['allOf'] : [];
  const merged = parts.flatMap((part) => linesOf(document, resolve(document, part), depth, seen));
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
  const own = Object.entries(record(schema['properties'])).flatMap(([name, value]) => {
    const about = record(value)['description'];
    const note = typeof about === 'string' ? `  — ${about.split('\n')[0]}` : '';
    const mark = required.has(name) ? '' : '?';
    const line = `${'  '.repeat(depth)}${name}${mark}: ${typeOf(value) || 'any'}${note}`;
    return [line, ...inner(document, value, depth, seen)];
  });
  return [...merged, ...own];
}

function inner(document: Json, value: unknown, depth: number, seen: ReadonlySet<string>): string[] {
  const schema = record(value);
  const target = schema['type'] === 'array' ? schema['items'] : schema;
  const name = typeOf(target);
  if (seen.has(name)) return [];
  return linesOf(document, resolve(document, target), depth + 1, new Set([...seen, name]));
}

function resolve(document: Json, schema: unknown): Json {
  const { $ref } = record(schema);
  return typeof $ref === 'string' ? schemaNamed(document, typeOf(schema)) : record(schema);
}
