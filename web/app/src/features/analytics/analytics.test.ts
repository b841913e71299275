import { expect, test } from 'vitest';

import type { SessionEvent } from '../../api/wire.ts';
import { eventText } from './eventText.ts';
import { runsOf } from './runs.ts';
import { sentencesOf } from './sentences.ts';
import { shares } from './shares.ts';
import { spanOf } from './span.ts';

test.each([
  [{}, false, { days: 30, everyone: false }],
  [{ days: '7', of: 'everyone' }, true, { days: 7, everyone: true }],
  [{ days: '7', of: 'everyone' }, false, { days: 7, everyone: false }],
  [{ days: '-3' }, true, { days: 30, everyone: false }],
  [{ days: 'NaN' }, true, { days: 30, everyone: false }],
])('the address %j of an administrator: %s shows %j', (search, isAdmin, span) => {
  expect(spanOf(search, isAdmin)).toEqual(span);
});

test('shares are of what was heard, and of nothing there are none', () => {
  expect(shares({ low: 1, medium: 0, high: 0, ultra: 3 })).toMatchObject({
    low: 0.25,
    ultra: 0.75,
  });
  expect(shares({ low: 0, medium: 0, high: 0, ultra: 0 })).toMatchObject({ low: 0, ultra: 0 });
});

const event = (type: string, detail: object = {}): SessionEvent =>
  ({ type, at: 1, detail }) as never;
const heard = (quality: string) => event('heard', { quality, duration_ms: 4000 });
const fetched = event('fetched', { bytes: 1000 });

test('stretches of one quality are one line, and whatever happens ends them', () => {
  const events = [
    event('startup', { duration_ms: 500 }),
    ...[fetched, heard('low'), fetched, heard('low')],
    event('stall', { duration_ms: 100 }),
    ...[fetched, heard('low')],
    event('switch', { from: 'low', to: 'high' }),
    ...[fetched, heard('high')],
  ];
  expect(runsOf(events).map(eventText)).toEqual([
    'First sound after 0.5 s',
    '1\u00a0kB loaded',
    '8.0 s heard at Low',
    '1\u00a0kB loaded',
    'Stalled for 0.1 s',
    '1\u00a0kB loaded',
    '4.0 s heard at Low',
    'From Low to High',
    '1\u00a0kB loaded',
    '4.0 s heard at High',
  ]);
});

test('what a newer server tells is shown by its word', () => {
  expect(eventText(event('teleport'))).toBe('teleport');
});

test('sentences are read out of a decision log, and nothing else is', () => {
  const log = [
    'quicksync-decision-log 2',
    '< 5 segment_completed 1 0 low 31000 false',
    '> fetch 1 7 low first 64 # Starting at low: nothing is known # yet',
    '> play ready 3.8 # Playing',
    '> idle none done',
    '> abandon 1 8 high slow 12 # Giving up',
  ].join('\n');
  expect(sentencesOf(log)).toEqual([
    { deed: 'fetch', segment: 7, reason: 'Starting at low: nothing is known # yet' },
    { deed: 'play', segment: null, reason: 'Playing' },
    { deed: 'abandon', segment: 8, reason: 'Giving up' },
  ]);
});
