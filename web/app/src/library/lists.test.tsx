// Lists as long as a large library: a hundred thousand rows on a fake server.

import { act, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';

import { PAGE_SIZE } from '../api/pages.ts';
import { albumsOf, tracksOf } from '../api/queries.ts';
import { fakeServer, type FakeServer } from '../testing/fakeServer.ts';
import { renderPage } from '../testing/render.tsx';
import { album, track } from '../testing/samples.ts';
import { AlbumWindow } from './AlbumWindow.tsx';
import { TrackWindow } from './TrackWindow.tsx';
import { usePaged } from './usePaged.ts';

const COUNT = 100_000;
/** More than the rows of a tall window, far fewer than those of the list. */
const FEW = 80;
const ROW_PX = 57;

const pageFrom = <Item,>(make: (index: number) => Item) => {
  return ({ url }: { url: URL }) => {
    const page = Number(url.searchParams.get('page'));
    const from = (page - 1) * PAGE_SIZE;
    const length = Math.max(0, Math.min(PAGE_SIZE, COUNT - from));
    const results = Array.from({ length }, (_, offset) => make(from + offset));
    return { body: { count: COUNT, next: null, previous: null, results } };
  };
};
const answers = {
  'GET /api/tracks/': pageFrom((index) => track({ id: `t${index}`, title: `Track ${index}` })),
  'GET /api/albums/': pageFrom((index) => album({ id: `al${index}`, title: `Album ${index}` })),
};
const pagesAsked = (server: FakeServer) =>
  server.asked.flatMap(({ query }) => Number(new URLSearchParams(query).get('page')) || []);

const TRACKS = tracksOf({ sort: 'album' });
const ALBUMS = albumsOf({ sort: 'artist' });
const Tracks = () => <TrackWindow label="Tracks" tracks={usePaged(TRACKS)} />;
const Albums = () => <AlbumWindow label="Albums" albums={usePaged(ALBUMS)} />;

const moveWindow = (y: number) => {
  window.scrollY = y;
  window.dispatchEvent(new Event('scroll'));
};
const scrollTo = (y: number) => act(async () => moveWindow(y));

beforeEach(() => {
  window.scrollY = 0;
  // happy-dom lays nothing out.
  Object.defineProperty(document.documentElement, 'scrollHeight', {
    configurable: true,
    value: COUNT * ROW_PX,
  });
  vi.stubGlobal('scrollTo', (to: unknown) => {
    const top = (to as { top?: number } | undefined)?.top;
    if (typeof top === 'number') moveWindow(top);
  });
});

test('only the rows in view exist, wherever that is, and only their pages are asked for', async () => {
  const server = fakeServer(answers);
  const { container } = await renderPage(Tracks);
  await screen.findByLabelText('Play Track 0');
  await scrollTo(70_000 * ROW_PX);
  await screen.findByLabelText('Play Track 70000');
  expect(container.querySelectorAll('li').length).toBeLessThan(FEW);
  expect(container.querySelector('[data-row="70000"]')?.getAttribute('aria-setsize')).toBe(
    '100000',
  );
  const pages = pagesAsked(server);
  expect(pages).toContain(701);
  expect(pages.length).toBeLessThan(6);
});

test('a row far down plays, with the tracks around it', async () => {
  fakeServer(answers);
  const { user, player } = await renderPage(Tracks);
  await scrollTo(500 * ROW_PX);
  await user.click(await screen.findByLabelText('Play Track 503'));
  expect(player.state.track?.title).toBe('Track 503');
  await waitFor(() => expect(player.state.queue.length).toBe(500));
  expect(player.state.queue[player.state.index]?.title).toBe('Track 503');
  expect(player.state.queue[0]?.title).toBe('Track 403');
});

test('one stop of the Tab key; keys lead from row to row and to both ends', async () => {
  fakeServer(answers);
  const { user } = await renderPage(Tracks);
  await screen.findByLabelText('Play Track 0');
  const focused = () => document.activeElement?.getAttribute('aria-label');
  await user.tab();
  expect(focused()).toBe('Play Track 0');
  await user.keyboard('{ArrowDown}{ArrowDown}');
  expect(focused()).toBe('Play Track 2');
  await user.tab();
  expect(focused()).toBe('More for Track 2');
  await user.keyboard('{ArrowUp}');
  expect(focused()).toBe('More for Track 1');
  await user.tab({ shift: true });
  await user.keyboard('{End}');
  await waitFor(() => expect(focused()).toBe('Play Track 99999'));
  await user.keyboard('{Home}');
  await waitFor(() => expect(focused()).toBe('Play Track 0'));
});

test('albums stand side by side, and arrows lead along and down', async () => {
  fakeServer(answers);
  const { user, container } = await renderPage(Albums);
  await screen.findByText('Album 0');
  await user.tab();
  await user.keyboard('{ArrowRight}{ArrowDown}');
  const row = document.activeElement?.closest('[data-row]')?.getAttribute('data-row');
  expect(row).toBe(String(1 + 4));
  expect(container.querySelectorAll('li').length).toBeLessThan(FEW);
});
