import { expect, test } from 'vitest';

import { planOf } from './plan.ts';

const AT = 'https://music.test';

test.each([
  ['the page', '/', 'navigate', 'shell'],
  ['an album', '/albums/a1?x=1', 'navigate', 'shell'],
  ['the set-up page', '/setup', 'navigate', 'shell'],
  ['a page about the interface', '/api/openapi.json', 'navigate', 'leave'],
  ['health', '/healthz', 'navigate', 'leave'],
  ['a file opened by hand', '/favicon.svg', 'navigate', 'leave'],
  ['a script', '/assets/index-a1.js', 'cors', 'file'],
  ['an icon', '/icons/192.png', 'no-cors', 'file'],
  ['a cover', '/api/covers/c1?size=96', 'no-cors', 'cover'],
  ['a segment', '/api/tracks/t1/segments/high/0', 'cors', 'leave'],
  ['the worker itself', '/sw.js', 'same-origin', 'leave'],
])('%s', (_, path, mode, plan) => {
  expect(planOf({ mode, method: 'GET' }, AT + path, new URL(`${AT}/`))).toBe(plan);
  const below = new URL(`${AT}/music/`);
  expect(planOf({ mode, method: 'GET' }, `${AT}/music${path}`, below)).toBe(plan);
  expect(planOf({ mode, method: 'GET' }, AT + path, below)).toBe('leave');
  expect(planOf({ mode, method: 'POST' }, AT + path, new URL(`${AT}/`))).toBe('leave');
});

test('another host is left alone', () => {
  const request = { mode: 'cors', method: 'GET' };
  expect(planOf(request, 'https://cdn.test/assets/a.js', new URL(`${AT}/`))).toBe('leave');
});
