import type { WhatIfRequest, WhatIfResult } from '@quicksync/player/whatif';
import { act, screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';

import { fakePlayer } from '../../../testing/fakePlayer.ts';
import { renderPage } from '../../../testing/render.tsx';
import { History } from '../history.ts';
import { HistoryProvider } from '../HistoryContext.tsx';
import { requestOf, verdictOf } from './request.ts';
import { WhatIf } from './WhatIf.tsx';

const replay = vi.hoisted(() => vi.fn());
// The worker and the simulator in it are tried where there are browsers.
vi.mock('./replay.ts', () => ({ replay }));

const segment = (index: number) => ({ track: 1, index });
const fetched = (index: number, from: number, to: number, cached = false) => [
  { at: from, output: { type: 'fetch', segment: segment(index), quality: 'low', reason: '' } },
  { at: to - 1e5, input: { type: 'bytes_received', segment: segment(index), bytes: 9_000 } },
  { at: to, input: { type: 'segment_completed', segment: segment(index), bytes: 30_720, cached } },
];
const story = [...fetched(0, 0, 1e6), ...fetched(1, 1e6, 1.2e6, true), ...fetched(2, 2e6, 4e6)];

test('what crossed the network is asked about, and what a cache gave is not', () => {
  const history = new History();
  story.forEach((event) => history.see(event as never));
  const request = requestOf({ transfers: history.transfers, duration: 100, most: 30 });
  expect(request).toEqual({
    transfers: [
      { startMs: 0, firstByteMs: 900, endMs: 1000, bytes: 30_720 },
      { startMs: 2000, firstByteMs: 3900, endMs: 4000, bytes: 30_720 },
    ],
    segmentMs: 3840,
    segments: 27,
    capMs: 30_000,
    optimum: true,
  });
  expect(requestOf({ transfers: [], duration: 100, most: 30 })).toBeNull();
});

const outcome = (name: string, group: string, qoe: number) => ({
  ...{ name, group, qoe, meanKbps: 200, stalls: 1, stalledS: 2, startupS: 0.5 },
  wastedShare: 0.01,
});
const result = {
  policies: [
    outcome('quicksync', 'ours', 0.8),
    outcome('ultra', 'fixed', -0.4),
    outcome('bba', 'peer', 0.9),
  ],
  optimum: { atLeast: 0.95, atMost: 0.951 },
  spanS: 60,
  measuredShare: 0.5,
} as WhatIfResult;

test('the verdict is honest about the place', () => {
  expect(verdictOf(result)).toMatchObject({ place: 2, best: { name: 'bba' } });
  expect(verdictOf({ ...result, policies: [] })).toBeNull();
});

test('a playback is replayed at a press, and told in a paragraph and a table', async () => {
  replay.mockImplementation((_: WhatIfRequest) => Promise.resolve(result));
  const page = () => (
    <HistoryProvider>
      <WhatIf />
    </HistoryProvider>
  );
  const { player, user } = await renderPage(page, { player: fakePlayer() });
  const button = screen.getByRole('button', { name: 'Play it again' });
  expect(button).toHaveProperty('disabled', true);
  act(() => story.forEach((event) => player.show(event as never)));
  await vi.waitFor(() => expect(button).toHaveProperty('disabled', false));
  await user.click(button);
  await screen.findByText(/Buffer-based \(BBA\) gives the best experience; ours comes in place 2/);
  expect(replay.mock.calls[0]?.[0]).toMatchObject({ segments: 63, capMs: 30_000 });
  const rows = within(screen.getByRole('table')).getAllByRole('row').slice(1);
  expect(rows.map((row) => row.querySelector('th')?.textContent)).toEqual([
    'Buffer-based (BBA)another player’s rule',
    'Quality firstour own',
    'Always ultraone quality',
  ]);
});

test('why it could not be replayed is said', async () => {
  replay.mockImplementation(() => Promise.reject(new Error('nothing to replay')));
  const page = () => (
    <HistoryProvider>
      <WhatIf />
    </HistoryProvider>
  );
  const { player, user } = await renderPage(page, { player: fakePlayer() });
  act(() => story.forEach((event) => player.show(event as never)));
  const button = screen.getByRole('button', { name: 'Play it again' });
  await vi.waitFor(() => expect(button).toHaveProperty('disabled', false));
  await user.click(button);
  await screen.findByText('It could not be played again: nothing to replay.');
});
