import { act, screen, within } from '@testing-library/react';
import { beforeAll, expect, test, vi } from 'vitest';

import { fakePlayer } from '../../testing/fakePlayer.ts';
import { renderPage } from '../../testing/render.tsx';
import { HistoryProvider } from './HistoryContext.tsx';
import { StatsPage } from './StatsPage.tsx';

// A canvas is drawn by the browser: here it is enough that the chart is asked for.
vi.mock('uplot', () => ({
  default: class {
    static readonly paths = {};
    setData = () => undefined;
    setScale = () => undefined;
    setSize = () => undefined;
    destroy = () => undefined;
  },
}));
beforeAll(() =>
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      disconnect() {}
    },
  ),
);

const segment = { track: 1, index: 0 };
const story = [
  [0, { output: { type: 'fetch', segment, quality: 'high', code: 'first', reason: 'Starting' } }],
  [1e6, { input: { type: 'segment_completed', segment, quality: 'high', bytes: 122_880 } }],
  [1.5e6, { output: { type: 'play', code: 'ready', reason: 'Playing: 4 s of buffer' } }],
  [2e6, { input: { type: 'stall_started' } }],
  [4.5e6, { output: { type: 'play', code: 'recovered', reason: 'Going on' } }],
] as const;

const page = () => (
  <HistoryProvider>
    <StatsPage />
  </HistoryProvider>
);

test('says how it went: start-up, stalls, bytes, and every decision in a sentence', async () => {
  const { player } = await renderPage(page, { player: fakePlayer() });
  expect(screen.getAllByText('Nothing yet: play something.')).toHaveLength(5);
  act(() => story.forEach(([at, event]) => player.show({ at, ...event } as never)));
  expect(await screen.findByText('1.5 s')).toBeTruthy();
  expect(screen.getByText('1, 2.5 s in all')).toBeTruthy();
  expect(screen.getByText('0.1 MB')).toBeTruthy();
  expect(screen.getByText(/High · kept · 122.9.kB/)).toBeTruthy();
  const rows = within(screen.getByRole('table')).getAllByRole('row');
  expect(rows.map((row) => row.textContent)).toEqual([
    'AtSegmentWhy',
    '0:04Going on',
    '0:01Playing: 4 s of buffer',
    '0:001Starting',
  ]);
});

const told = async () => {
  const view = await renderPage(page, { player: fakePlayer() });
  act(() => story.forEach(([at, event]) => view.player.show({ at, ...event } as never)));
  await screen.findByText('1.5 s');
  return view;
};
const shown = () =>
  within(screen.getByRole('table'))
    .getAllByRole('row')
    .slice(1)
    .map((row) => row.lastChild?.textContent);

test('decisions are sifted by kind and by word', async () => {
  const { user } = await told();
  await user.click(screen.getByRole('radio', { name: 'Play' }));
  expect(shown()).toEqual(['Going on', 'Playing: 4 s of buffer']);
  await user.type(screen.getByRole('searchbox'), 'BUFFER');
  expect(shown()).toEqual(['Playing: 4 s of buffer']);
  await user.type(screen.getByRole('searchbox'), ' of nothing');
  expect(screen.getByText('No decision fits.')).toBeTruthy();
});

test('each turn of the quality tells its reason to keys and readers', async () => {
  await told();
  const slider = screen.getByRole('slider');
  expect(slider.getAttribute('aria-valuetext')).toBe('0:00, High: Starting');
  expect(screen.getByText('Turn 1 of 1')).toBeTruthy();
});

test('a page is frozen and goes on at a press', async () => {
  const { user, player } = await told();
  await user.click(screen.getByRole('button', { name: 'Freeze' }));
  const more = { type: 'fetch', segment: { track: 1, index: 1 }, quality: 'low', code: 'x' };
  act(() => player.show({ at: 9e6, output: { ...more, reason: 'Something new' } } as never));
  expect(screen.queryByText('Something new')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Go on' }));
  expect(await screen.findByText('Something new')).toBeTruthy();
});
