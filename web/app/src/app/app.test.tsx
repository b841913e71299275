import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, RouterProvider } from '@tanstack/react-router';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';

import { fakePlayer } from '../testing/fakePlayer.ts';
import { fakeServer, problemBody } from '../testing/fakeServer.ts';
import { album, track } from '../testing/samples.ts';
import { createQueryClient } from './queryClient.ts';
import { createAppRouter } from './router.tsx';

const player = vi.hoisted(() => ({ made: [] as unknown[] }));
vi.mock('../playback/createAppPlayer.ts', () => ({
  createAppPlayer: () => {
    const made = fakePlayer();
    player.made.push(made);
    return made;
  },
}));

const ME = { id: 'u', name: 'ada', is_admin: true, device_id: 'd' };
const UNKNOWN = problemBody(401, 'unauthenticated', 'Log in.');
const list = <Item,>(...results: Item[]) => ({
  body: { count: results.length, next: null, previous: null, results },
});

async function open(at: string, isIn: () => boolean, login: () => void = () => undefined) {
  vi.stubGlobal('scrollTo', () => undefined);
  const gated = (answer: { body: unknown }) => () => (isIn() ? answer : UNKNOWN);
  fakeServer({
    'GET /api/auth/me/': gated({ body: ME }),
    'GET /api/albums/': gated(list(album())),
    'GET /api/albums/al1/': gated({ body: album() }),
    'GET /api/tracks/': gated(list(track())),
    'POST /api/auth/logout/': () => ({ status: 204 }),
    'GET /api/auth/sessions/': gated(list()),
    'POST /api/auth/login/': () => {
      login();
      return { body: ME };
    },
  });
  const router = createAppRouter(createMemoryHistory({ initialEntries: [at] }));
  const view = render(
    <QueryClientProvider client={createQueryClient()}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
  return { ...view, router, user: userEvent.setup() };
}

test('without a login: to the login page, and back to where one wanted to be', async () => {
  let isIn = false;
  const { user, router } = await open(
    '/albums/al1',
    () => isIn,
    () => (isIn = true),
  );
  await user.type(await screen.findByLabelText('Name'), 'ada');
  await user.type(screen.getByLabelText('Password'), 'correct horse{Enter}');
  expect(await screen.findByRole('heading', { level: 1, name: 'Midwinter Atlas' })).toBeTruthy();
  expect(router.state.location.pathname).toBe('/albums/al1');
});

test('a login that ends while one listens leads to the login page', async () => {
  let isIn = true;
  const { user, router } = await open('/', () => isIn);
  const tile = await screen.findByRole('link', { name: /Midwinter Atlas/ });
  isIn = false;
  await user.click(tile);
  expect(await screen.findByLabelText('Password')).toBeTruthy();
  expect(router.state.location.search).toEqual({ from: '/albums/al1' });
});

test('an address elsewhere is not followed after the login', async () => {
  let isIn = false;
  const at = '/login?from=%2F%2Fevil.test';
  const { user, router } = await open(
    at,
    () => isIn,
    () => (isIn = true),
  );
  await user.type(await screen.findByLabelText('Name'), 'ada');
  await user.type(screen.getByLabelText('Password'), 'correct horse{Enter}');
  expect(await screen.findByRole('heading', { level: 1, name: 'Albums' })).toBeTruthy();
  expect(router.state.location.href).toBe('/');
});

test('logging out leads to the login page and ends the sound', async () => {
  const { user } = await open('/settings?tab=account', () => true);
  await user.click(await screen.findByRole('button', { name: 'Log out' }));
  expect(await screen.findByLabelText('Password')).toBeTruthy();
  const made = player.made.at(-1) as ReturnType<typeof fakePlayer>;
  expect(made.calls.at(-1)).toEqual(['destroy']);
});

test('an unknown address says so', async () => {
  await open('/nowhere', () => true);
  expect(await screen.findByText('There is nothing at this address.')).toBeTruthy();
});

test('an album plays from a track of it, and the slash key opens the search', async () => {
  const { user } = await open('/albums/al1', () => true);
  await user.click(await screen.findByRole('button', { name: 'Play Northern Mountains' }));
  const made = player.made.at(-1) as ReturnType<typeof fakePlayer>;
  expect(made.calls.map(([name]) => name)).toContain('load');
  await user.keyboard('/');
  expect(await screen.findByRole('searchbox')).toBeTruthy();
});
