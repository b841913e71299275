import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';

import { fakeServer, problemBody } from '../../testing/fakeServer.ts';
import { renderPage } from '../../testing/render.tsx';
import { LoginPage } from './LoginPage.tsx';
import { SetupPage } from './SetupPage.tsx';

const ME = { id: 'u', name: 'ada', is_admin: true, device_id: 'd' };

test('logs in and goes back to where one was', async () => {
  const server = fakeServer({ 'POST /api/auth/login/': () => ({ body: ME }) });
  const at = '/login?from=%2Falbums%2Fal1';
  const { user, address } = await renderPage(LoginPage, { at, route: '/login' });
  expect(screen.getByText('Your login has ended. Log in to go on.')).toBeTruthy();
  await user.type(screen.getByLabelText('Name'), 'ada');
  await user.type(screen.getByLabelText('Password'), 'correct horse{Enter}');
  await expect.poll(address).toBe('/albums/al1');
  const login = server.asked.find(({ line }) => line === 'POST /api/auth/login/');
  expect(login?.body).toEqual({ name: 'ada', password: 'correct horse' });
});

test('a wrong password is said at its field', async () => {
  fakeServer({
    'POST /api/auth/login/': () =>
      problemBody(401, 'wrong_password', 'The name or the password is wrong.'),
  });
  const { user } = await renderPage(LoginPage, { at: '/login', route: '/login' });
  await user.type(screen.getByLabelText('Name'), 'ada');
  await user.type(screen.getByLabelText('Password'), 'nope{Enter}');
  expect(await screen.findByText('The name or the password is wrong.')).toBeTruthy();
  expect(screen.getByLabelText('Password').getAttribute('aria-invalid')).toBe('true');
});

test('set-up sends the secret of the link', async () => {
  const server = fakeServer({ 'POST /api/auth/setup/': () => ({ body: ME }) });
  const { user, address } = await renderPage(SetupPage, { at: '/setup#s3cret', route: '/setup' });
  await user.type(screen.getByLabelText('Name'), 'ada');
  await user.type(screen.getByLabelText('Password'), 'correct horse');
  await user.type(screen.getByLabelText('Password again'), 'correct hors');
  await user.click(screen.getByRole('button', { name: 'Create account' }));
  expect(screen.getByText('The two passwords differ.')).toBeTruthy();
  await user.type(screen.getByLabelText('Password again'), 'e{Enter}');
  await expect.poll(address).toBe('/');
  const setup = server.asked.filter(({ line }) => line === 'POST /api/auth/setup/');
  expect(setup.map(({ body }) => body)).toEqual([
    { secret: 's3cret', name: 'ada', password: 'correct horse' },
  ]);
});

test('a set-up link without its secret says what is missing', async () => {
  await renderPage(SetupPage, { at: '/setup', route: '/setup' });
  expect(screen.getByRole('alert').textContent).toContain('whole set-up link');
});
