import { expect, test } from 'vitest';

import { problemOf, sentenceOf } from '../api/problem.ts';
import { badgeText } from '../playback/quality.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { pickLanguage } from './language.ts';
import { ago, clock, longTime } from './time.ts';

test.each([
  [0, '0:00'],
  [67.9, '1:07'],
  [3723, '1:02:03'],
  [-1, '0:00'],
  [Number.NaN, '0:00'],
])('%d s on a clock is %s', (seconds, text) => expect(clock(seconds)).toBe(text));

test.each([
  [20, '1 min'],
  [2820, '47 min'],
  [4320, '1 h 12 min'],
])('%d s in words is %s', (seconds, text) => expect(longTime(seconds)).toBe(text));

test.each([
  [10, 'just now'],
  [120, '2 minutes ago'],
  [90_000, 'yesterday'],
])('%d s ago is %s', (passed, text) => expect(ago(1e9 - passed, 1e9)).toBe(text));

test.each([
  [en.library.tracks(1), '1 track'],
  [en.library.tracks(3000), '3,000 tracks'],
  [en.quality.rate(181.4), '181 kbps'],
  [en.quality.rate(3500), '3.5 Mbps'],
  [en.quality.stallsOf(0, '0.0'), 'none'],
  [badgeText({ quality: 'high', bitrateKbps: 256 } as never), 'HIGH · Opus 256'],
  [badgeText({ quality: 'low', bitrateKbps: 64 } as never, 'mp4a.40.34'), 'LOW · MP3 64'],
])('%s', (said, meant) => expect(said).toBe(meant));

test.each([
  { status: 400, body: '{"detail":"Names have letters.","code":"x"}', says: 'Names have letters.' },
  { status: 502, body: '<html>Bad gateway</html>', says: en.errors.server },
  { status: 418, body: '[]', says: en.errors.refused },
])('an answer of $status becomes a sentence', async ({ status, body, says }) => {
  expect((await problemOf(new Response(body, { status }))).message).toBe(says);
});

test('no answer at all becomes a sentence too', () => {
  expect(sentenceOf(new TypeError('Failed to fetch'))).toBe(en.errors.unreachable);
});

test.each([
  [['de-AT', 'en'], 'de'],
  [['fr', 'EN-us', 'de'], 'en'],
  [[null, 'de'], 'de'],
  [['de', 'en'], 'de'],
  [['tlh', '__proto__'], 'en'],
  [[], 'en'],
])('who wishes %j hears %s', (wishes, spoken) => expect(pickLanguage(wishes)).toBe(spoken));

test('German has its own decimals and plurals', () => {
  expect(de.quality.rate(3500)).toBe('3,5 Mbit/s');
  expect(de.library.albums(1)).toBe('1 Album');
  expect(de.library.albums(3000)).toBe('3.000 Alben');
});

/** Every text in it; what takes arguments gets ones, as numbers or as texts. */
function textsOf(words: unknown): string[] {
  if (typeof words === 'string') return [words];
  if (typeof words === 'function') {
    const given = (one: unknown) => String(words(...Array(words.length).fill(one)));
    try {
      return [given(1)];
    } catch {
      return [given('1')];
    }
  }
  return Object.values(words as object).flatMap(textsOf);
}

test('what the server refuses is said in German too, by its word and its field', () => {
  expect(de.errors.problem('wrong_password', null)).toMatch(/Passwort/);
  expect(de.errors.problem('invalid_field', 'name')).toMatch(/Name/);
  expect(de.errors.problem('invalid_field', 'days')).toBeNull();
  expect(en.errors.problem('wrong_password', null)).toBeNull();
});

test('no sentence was left untranslated', () => {
  const english = textsOf(en);
  const isSentence = (text: string) => /\p{L}{2,} \p{L}{2,}/u.test(text);
  const same = textsOf(de).filter((text) => isSentence(text) && english.includes(text));
  expect(same).toEqual(['Quick Sync']);
});
