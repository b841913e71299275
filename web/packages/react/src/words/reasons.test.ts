// @vitest-environment node
/// <reference types="node" />
import { readdirSync, readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { reasonIn } from './reasons.ts';

const LOGS = new URL('../../../../../testdata/decisions/', import.meta.url);

/** Every sentence of the core in the decisions that are kept beside it. */
function recorded(): readonly string[] {
  const logs = readdirSync(LOGS).filter((name) => name.endsWith('.log'));
  const lines = logs.flatMap((name) => readFileSync(new URL(name, LOGS), 'utf8').split('\n'));
  return lines.flatMap((line) => /^> .*?# (.+)$/.exec(line)?.[1] ?? []);
}

test('every sentence that the core is recorded to say is there in German', () => {
  const sentences = recorded();
  expect(sentences.length).toBeGreaterThan(100);
  expect(sentences.filter((one) => reasonIn('de', one) === one)).toEqual([]);
});

test.each([
  [
    'Starting at medium: 256 needed, 4.1 s of buffer',
    'Beginnt bei mittel: 256 nötig, 4,1 s Puffer',
  ],
  [
    'Limited to high: the server is busy (CPU 91 %, memory 40 %)',
    'Begrenzt auf hoch: der Server ist beschäftigt (CPU 91 %, Speicher 40 %)',
  ],
  [
    'Starting at ultra instead of high: 3.2 Mbps expected, the server is idle and you prefer quality',
    'Beginnt bei ultra statt hoch: 3,2 Mbit/s erwartet, der Server ist frei, und Sie bevorzugen Qualität',
  ],
  [
    'Nothing to fetch: 29.4 s of buffer, 30 wanted',
    'Nichts zu laden: 29,4 s Puffer, 30 s gewünscht',
  ],
  ['Nothing to fetch: everything is here', 'Nichts zu laden: alles ist da'],
  [
    'Trying again soon: failed 3 times, 4.1 s of buffer',
    'Versucht es bald noch einmal: 3-mal gescheitert, 4,1 s Puffer',
  ],
  ['Nothing is fetched before you press play', 'Vor dem Abspielen wird nichts geladen'],
  ['Waiting for a segment: 4.1 s of buffer', 'Wartet auf ein Segment: 4,1 s Puffer'],
  ['Something quite new: 4 kbps expected', 'Something quite new: 4 kbps expected'],
  ['Playing: something quite new', 'Playing: something quite new'],
])('%s', (english, german) => {
  expect(reasonIn('de', english)).toBe(german);
  expect(reasonIn('en', english)).toBe(english);
});
