import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';

import { fakeServer } from '../../testing/fakeServer.ts';
import { renderPage } from '../../testing/render.tsx';
import { album, track } from '../../testing/samples.ts';
import { SearchPage } from './SearchPage.tsx';

const hits = <Item,>(...results: Item[]) => ({ count: results.length, results });
const open = (at = '/search') => renderPage(SearchPage, { at, route: '/search' });

test('finds as one types, and plays what was found', async () => {
  const server = fakeServer({
    'GET /api/search/': () => ({
      body: {
        tracks: hits(track()),
        albums: hits(album()),
        artists: hits({ id: 'ar1', name: 'Ida' }),
      },
    }),
  });
  const { user, player, address } = await open();
  await user.type(screen.getByRole('searchbox'), 'north');
  await user.click(await screen.findByRole('button', { name: 'Play Northern Mountains' }));
  expect(screen.getByRole('link', { name: 'Ida' })).toBeTruthy();
  expect(address()).toBe('/search?q=north');
  expect(server.asked.some(({ query }) => query === '?q=north')).toBe(true);
  expect(player.calls[0]?.[0]).toBe('load');
  expect(player.state.track?.title).toBe('Northern Mountains');
});

test('says when nothing matches', async () => {
  fakeServer({
    'GET /api/search/': () => ({ body: { tracks: hits(), albums: hits(), artists: hits() } }),
  });
  await open('/search?q=zz');
  expect(await screen.findByText('Nothing matches “zz”.')).toBeTruthy();
});

test('a failure is a sentence with a way to try again', async () => {
  let isDown = true;
  fakeServer({
    'GET /api/search/': () =>
      isDown
        ? { status: 503, body: { code: 'overloaded', detail: 'The server is busy.' } }
        : { body: { tracks: hits(track()), albums: hits(), artists: hits() } },
  });
  const { user } = await open('/search?q=north');
  expect((await screen.findByRole('alert')).textContent).toContain('The server is busy.');
  isDown = false;
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('button', { name: 'Play Northern Mountains' })).toBeTruthy();
});
