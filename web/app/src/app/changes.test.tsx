// What changes while the page is open: music is found, the server goes and comes back, a newer build
// is ready.

import { act, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';

import { noteReach } from '../api/reach.ts';
import { AlbumsPage } from '../features/albums/AlbumsPage.tsx';
import { Downloads } from '../offline/downloads.ts';
import { fakePlayer } from '../testing/fakePlayer.ts';
import { fakeServer } from '../testing/fakeServer.ts';
import { fakeShelf } from '../testing/fakeShelf.ts';
import { renderPage } from '../testing/render.tsx';
import { album } from '../testing/samples.ts';
import { useLibraryChanges } from './libraryChanges.ts';
import { Unreachable } from './Unreachable.tsx';
import { Update } from './Update.tsx';

const takeUpdate = vi.hoisted(() => vi.fn());
vi.mock('../pwa/updates.ts', () => ({ takeUpdate, useUpdateReady: () => true }));

const counts = { artist_count: 1, unanalysed_count: 0, problem_count: 0, done: 0, total: 2 };

function Albums() {
  useLibraryChanges();
  return <AlbumsPage />;
}

test('an album that a scan finds appears without loading the page anew', async () => {
  let found = 0;
  fakeServer({
    'GET /api/library/status/': () => ({
      body: { ...counts, track_count: found, album_count: found, phase: 'walking' },
    }),
    'GET /api/albums/': () => ({
      body: { count: found, next: null, previous: null, results: found ? [album()] : [] },
    }),
  });
  await renderPage(Albums);
  expect(await screen.findByText('No music yet')).toBeTruthy();
  found = 1;
  expect(await screen.findByText('Midwinter Atlas')).toBeTruthy();
});

test('says while the server is gone that it is, what plays all the same, and stops saying it', async () => {
  fakeServer({ 'GET /api/auth/me/': () => ({ status: 401, body: {} }) });
  const shelf = fakeShelf();
  shelf.put({ track: { id: 'a', title: 'A' } });
  const downloads = new Downloads(Promise.resolve(shelf));
  await renderPage(Unreachable, { downloads });
  await waitFor(() => expect(downloads.state.status).toBe('ready'));
  act(() => noteReach(false));
  expect(screen.getByText(/What is kept on this device plays/)).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Show it' }).getAttribute('href')).toBe('/offline');
  // Any answer will do: the server is there again.
  act(() => void dispatchEvent(new Event('online')));
  await waitFor(() => expect(screen.queryByText(/cannot be reached/)).toBeNull());
});

test('a newer build waits for the music to pause', async () => {
  fakeServer({});
  const player = fakePlayer({ wantsToPlay: true });
  const { user } = await renderPage(Update, { player });
  await user.click(screen.getByRole('button', { name: 'Load it when the music pauses' }));
  expect(screen.getByText('It is loaded as soon as the music pauses.')).toBeTruthy();
  expect(takeUpdate).not.toHaveBeenCalled();
  act(() => player.patch({ wantsToPlay: false }));
  expect(takeUpdate).toHaveBeenCalledOnce();
});
