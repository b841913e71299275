import { fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';

import { keptCrossfade } from '../../playback/crossfade.ts';
import { fakeServer, problemBody } from '../../testing/fakeServer.ts';
import { renderPage } from '../../testing/render.tsx';
import { SettingsPage } from './SettingsPage.tsx';

afterEach(() => vi.unstubAllGlobals());

const ada = { id: 'a', name: 'ada', is_admin: true, created_at: 1, device_id: 'd' };
const bob = { id: 'b', name: 'bob', is_admin: false, created_at: 2 };
const listOf = (...results: object[]) => ({
  body: { count: results.length, next: null, previous: null, results },
});

const settings = async (tab: string, me: object, answers = {}) => {
  const server = fakeServer({ 'GET /api/auth/me/': () => ({ body: me }), ...answers });
  const view = await renderPage(SettingsPage, { at: `/settings?tab=${tab}`, route: '/settings' });
  return { server, ...view };
};

test('only an administrator is shown the people', async () => {
  await settings('users', bob);
  expect(screen.queryByRole('tab', { name: 'People' })).toBeNull();
});

test('an administrator makes and deletes users, but not themselves', async () => {
  let users = [ada, bob];
  const { server, user } = await settings('users', ada, {
    'GET /api/users/': () => listOf(...users),
    'POST /api/users/': ({ body }: { body: { name: string } }) => {
      if (body.name === 'bob') return problemBody(409, 'name_taken', 'That name is taken.');
      users = [...users, { ...bob, id: 'c', name: body.name }];
      return { status: 201, body: users.at(-1) };
    },
    'DELETE /api/users/b/': () => {
      users = users.filter(({ id }) => id !== 'b');
      return { status: 204 };
    },
  });
  await screen.findByText('bob');
  expect(screen.queryByRole('button', { name: 'Delete ada' })).toBeNull();

  await user.type(screen.getByLabelText('Name'), 'bob');
  await user.type(screen.getByLabelText('Password'), 'correct horse');
  await user.click(screen.getByRole('button', { name: 'Create account' }));
  await screen.findByText('That name is taken.');
  await user.clear(screen.getByLabelText('Name'));
  await user.type(screen.getByLabelText('Name'), 'cleo');
  await user.click(screen.getByRole('button', { name: 'Create account' }));
  await screen.findByText('cleo');
  expect(server.asked.findLast(({ line }) => line === 'POST /api/users/')?.body).toEqual({
    name: 'cleo',
    password: 'correct horse',
    is_admin: false,
  });

  const asked = vi.fn(() => false);
  vi.stubGlobal('confirm', asked);
  await user.click(screen.getByRole('button', { name: 'Delete bob' }));
  expect(server.asked.some(({ line }) => line.startsWith('DELETE'))).toBe(false);
  asked.mockReturnValue(true);
  await user.click(screen.getByRole('button', { name: 'Delete bob' }));
  await vi.waitFor(() => expect(screen.queryByText('bob')).toBeNull());
});

test('the loudness that was chosen is kept on this device', async () => {
  const { user, player } = await settings('sound', bob);
  await user.click(screen.getByRole('radio', { name: 'Albums alike' }));
  expect(player.calls.at(-1)).toEqual(['setLeveling', 'album']);
  expect(localStorage.getItem('quicksync.leveling')).toBe('album');
});

test('the crossfade that was chosen is kept on this device', async () => {
  const { user, player } = await settings('sound', bob);
  fireEvent.change(screen.getByRole('slider', { name: 'Length' }), { target: { value: '5' } });
  expect(player.calls.at(-1)).toEqual(['setCrossfade', { seconds: 5, albums: false }]);
  await user.click(screen.getByRole('switch', { name: 'Inside albums too' }));
  expect(player.calls.at(-1)).toEqual(['setCrossfade', { seconds: 5, albums: true }]);
  expect(keptCrossfade()).toEqual({ seconds: 5, albums: true });
  for (const odd of ['{', '{"seconds":-1}', '{"seconds":"a"}', 'null']) {
    localStorage.setItem('quicksync.crossfade', odd);
    expect(keptCrossfade()).toEqual({ seconds: 0, albums: false });
  }
  localStorage.setItem('quicksync.crossfade', '{"seconds":99}');
  expect(keptCrossfade().seconds).toBe(12);
});

test('a listener erases what was measured only after being asked', async () => {
  const { server, user } = await settings('privacy', bob, {
    'DELETE /api/account/data/': () => ({ status: 204 }),
  });
  const exported = await screen.findByRole('link', { name: 'Export everything' });
  expect(exported.getAttribute('href')).toBe('/api/account/export/');
  const asked = vi.fn(() => false);
  vi.stubGlobal('confirm', asked);
  const erase = screen.getByRole('button', { name: 'Erase measurements and devices' });
  await user.click(erase);
  expect(server.asked.some(({ line }) => line.startsWith('DELETE'))).toBe(false);
  asked.mockReturnValue(true);
  await user.click(erase);
  await screen.findByText('It is erased.');
});
