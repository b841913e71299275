// What went wrong, as the server's problem documents (RFC 9457) say it, or in our own words where
// no document came.

import { words } from '../strings/words.ts';

export class Problem extends Error {
  override readonly name = 'Problem';
  /** HTTP status; 0 if no answer came at all. */
  readonly status: number;
  /** Stable word for programs. */
  readonly code: string;
  /** The part of the request at fault. */
  readonly field: string | null;

  constructor(status: number, code: string, sentence: string, field: string | null = null) {
    super(sentence);
    this.status = status;
    this.code = code;
    this.field = field;
  }
}

const text = (value: unknown): string | null => (typeof value === 'string' && value ? value : null);

export async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  const fields = (typeof body === 'object' && body ? body : {}) as Record<string, unknown>;
  const fallback = response.status >= 500 ? words.errors.server : words.errors.refused;
  const code = text(fields['code']) ?? `http_${response.status}`;
  const field = text(fields['field']);
  const sentence = words.errors.problem(code, field) ?? text(fields['detail']) ?? fallback;
  return new Problem(response.status, code, sentence, field);
}

/** Any failure as a problem. */
export const asProblem = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem(0, 'unreachable', words.errors.unreachable);

/** A sentence to show for any failure. */
export const sentenceOf = (error: unknown): string => asProblem(error).message;
