import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';

import { Downloads } from '../../offline/downloads.ts';
import { fakeServer } from '../../testing/fakeServer.ts';
import { fakeShelf, type FakeShelf } from '../../testing/fakeShelf.ts';
import { renderPage } from '../../testing/render.tsx';
import { OfflinePage } from './OfflinePage.tsx';

const song = (id: string) => ({ id, title: `Song ${id}`, album: 'One', artist: 'Ida' });

async function open(shelf: FakeShelf = fakeShelf()) {
  fakeServer({});
  const downloads = new Downloads(Promise.resolve(shelf));
  return { shelf, downloads, ...(await renderPage(OfflinePage, { downloads })) };
}

test('with nothing kept it says how to keep something', async () => {
  await open();
  expect(await screen.findByText('Nothing is kept here yet')).toBeTruthy();
});

test('plays what is kept, from the track picked on', async () => {
  const shelf = fakeShelf();
  for (const id of ['a', 'b']) shelf.put({ track: song(id) });
  const { user, player } = await open(shelf);
  await user.click(await screen.findByLabelText('Play Song b'));
  expect(player.state.queue.map(({ id }) => id)).toEqual(['a', 'b']);
  expect(player.state.track?.id).toBe('b');
  expect(screen.getByText('2 tracks, 0 kB')).toBeTruthy();
  expect(screen.getByText(/^2 GB of 10 GB/)).toBeTruthy();
});

test('shows how far a track is; stopping it takes it away', async () => {
  const { user, shelf, downloads } = await open();
  downloads.save([song('a')], 'high');
  await waitFor(() => expect(shelf.asked.length).toBe(1));
  const progress = { segments: 10, segmentsDone: 4, bytesDone: 400, bytesTotal: 1000 };
  shelf.asked[0]?.options.onProgress?.(progress as never);
  expect(await screen.findByText('40 % is here')).toBeTruthy();
  await user.click(screen.getByLabelText('Stop keeping Song a'));
  await waitFor(() => expect(screen.queryByText('Song a')).toBeNull());
});

test('removing everything asks first', async () => {
  const shelf = fakeShelf();
  shelf.put({ track: song('a') });
  const { user } = await open(shelf);
  await user.click(await screen.findByRole('button', { name: 'Remove all' }));
  const question = within(screen.getByRole('alert'));
  await user.click(question.getByRole('button', { name: 'Keep' }));
  expect(screen.getByText('Song a')).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Remove all' }));
  await user.click(screen.getByRole('button', { name: 'Remove' }));
  await waitFor(() => expect(screen.queryByText('Song a')).toBeNull());
});
