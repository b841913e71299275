import { expect, test } from 'vitest';

import { deedOf } from './keys.ts';

test.each([
  { key: ' ', on: 'div', means: 'toggle' },
  { key: ' ', on: 'button', means: null },
  { key: 'n', on: 'button', means: 'next' },
  { key: 'n', on: 'input', means: null },
  { key: '/', on: 'div', means: 'search' },
  { key: '?', on: 'div', means: 'help' },
  { key: 'x', on: 'div', means: null },
  { key: 'ArrowLeft', on: 'div', means: 'back' },
  { key: 'ArrowLeft', on: 'div role=slider', means: null },
])('$key on $on means $means', ({ key, on, means }) => {
  const [tag = 'div', role] = on.split(' role=');
  const element = document.createElement(tag);
  if (role) element.setAttribute('role', role);
  let heard: ReturnType<typeof deedOf> = null;
  element.addEventListener('keydown', (event) => (heard = deedOf(event)));
  element.dispatchEvent(new KeyboardEvent('keydown', { key }));
  expect(heard).toBe(means);
});

test('keys of the browser are left alone', () => {
  expect(deedOf(new KeyboardEvent('keydown', { key: 'n', ctrlKey: true }))).toBeNull();
});
