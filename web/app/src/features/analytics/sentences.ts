// The sentences of a decision log: what follows the mark in each of the core's answers. Pure.

export interface Sentence {
  /** What was done: `fetch`, `replace`, `abandon`, `prefetch` or `play`. */
  readonly deed: string;
  /** Counted from 0; null for `play`. */
  readonly segment: number | null;
  readonly reason: string;
}

const ANSWER = /^> (?<deed>\w+)(?: \d+ (?<segment>\d+) \w+)? .*?# (?<reason>.+)$/;

export function sentencesOf(log: string): Sentence[] {
  return log.split('\n').flatMap((line) => {
    const { deed, segment, reason } = ANSWER.exec(line)?.groups ?? {};
    if (!deed || !reason) return [];
    return [{ deed, segment: segment === undefined ? null : Number(segment), reason }];
  });
}
