import { act, screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';

import { fakePlayer } from '../../testing/fakePlayer.ts';
import { fakeServer } from '../../testing/fakeServer.ts';
import { renderPage } from '../../testing/render.tsx';
import { playing } from '../../testing/samples.ts';
import { PlayerBar } from './PlayerBar.tsx';

const bar = async (change: object = {}) => {
  const server = fakeServer({
    'POST /api/audio/quick-sync/preferences/': ({ body }) => ({
      body: {
        mode: (body as { mode: string }).mode,
        prefer_quality: true,
        adapt_to_system: true,
        auto_download_quality: false,
      },
    }),
  });
  const player = fakePlayer({ ...playing, ...change });
  return { server, ...(await renderPage(PlayerBar, { player })) };
};
const badge = () => screen.getAllByTestId('quality-badge').at(-1) as HTMLElement;
const button = (name: string | RegExp) => screen.getAllByRole('button', { name })[0] as HTMLElement;

test('says what is heard now and follows it', async () => {
  const { player } = await bar();
  expect(badge().textContent).toContain('HIGH · Opus 256');
  expect(badge().textContent).toContain('Auto');
  act(() => player.patch({ playing: { quality: 'low', bitrateKbps: 64 } as never }));
  expect(badge().textContent).toContain('LOW · Opus 64');
});

test.each([
  { press: 'Pause', asks: 'pause' },
  { press: 'Next track', asks: 'next' },
  { press: 'Previous track', asks: 'previous' },
  { press: 'Mute', asks: 'mute' },
])('$press asks the player to $asks', async ({ press, asks }) => {
  const { user, player } = await bar();
  await user.click(button(press));
  expect(player.calls.map(([name]) => name)).toEqual([asks]);
});

test('arrow keys on the seek bar move by five seconds', async () => {
  const { user, player } = await bar();
  const seek = screen.getByRole('slider', { name: 'Position in the track' });
  expect(seek.getAttribute('aria-valuetext')).toBe('1:20 of 3:20');
  seek.focus();
  await user.keyboard('{ArrowRight}');
  expect(player.calls).toEqual([['seek', 85]]);
});

test('tints what is buffered by its quality', async () => {
  const { container } = await bar();
  const hills = [...container.querySelectorAll('[data-quality][style]')];
  expect(new Set(hills.map((hill) => hill.getAttribute('data-quality')))).toEqual(
    new Set(['high', 'low']),
  );
});

test('the panel gives the reason and figures, and holds a quality', async () => {
  const { user, server } = await bar();
  await user.click(badge());
  const panel = within(await screen.findByRole('dialog', { name: 'Quality' }));
  expect(panel.getByTestId('decision').textContent).toBe('Down to low: 180 kbps expected');
  expect(panel.getByText('Low is heard from 1:40')).toBeTruthy();
  expect(panel.getByText('181 kbps')).toBeTruthy();
  expect(panel.getByText('30 of 30 s')).toBeTruthy();
  const mode = within(panel.getByRole('radiogroup', { name: 'Quality' }));
  await user.click(mode.getByRole('radio', { name: /Medium/ }));
  const sent = server.asked.find(({ line }) => line.startsWith('POST'));
  expect(sent?.body).toEqual({ mode: 'medium' });
  expect(mode.getByRole('radio', { name: /Medium/ }).getAttribute('aria-checked')).toBe('true');
});

test('says what it will change to: at the badge, and in the panel with its time', async () => {
  const { user, player } = await bar();
  expect(screen.queryByTestId('pending')).toBeNull();
  const pending = { quality: 'ultra', bitrateKbps: 320, position: 84, buffered: true };
  act(() => player.patch({ pending: pending as never }));
  expect(within(badge()).getByTestId('pending').getAttribute('title')).toBe('Ultra from 1:24');
  await user.click(badge());
  const panel = within(await screen.findByRole('dialog', { name: 'Quality' }));
  expect(panel.getByText('Ultra from 1:24')).toBeTruthy();
  act(() => player.patch({ pending: { ...pending, buffered: false } as never }));
  expect(panel.getByText('Ultra from 1:24, still on its way')).toBeTruthy();
});

test('a quality for this track alone is asked of the player, and marked', async () => {
  const { user, player } = await bar();
  await user.click(badge());
  const choice = within(await screen.findByRole('radiogroup', { name: 'For this track only' }));
  await user.click(choice.getByRole('radio', { name: 'Ultra' }));
  expect(player.calls.at(-1)).toEqual(['overrideQuality', 'ultra']);
  act(() => player.patch({ override: 'ultra' as never }));
  expect(badge().textContent).toContain('This track');
  await user.click(choice.getByRole('radio', { name: 'As below' }));
  expect(player.calls.at(-1)).toEqual(['overrideQuality', null]);
});

test('shows the way of the sound, station by station', async () => {
  const source = { codec: 'flac', bitrateKbps: 912, sampleRateHz: 44_100, bitsPerSample: 16 };
  const signal = { codec: 'opus', sampleRateHz: 48_000, decoder: 'audio/mp4', delivery: 'network' };
  const estimate = { expectedKbps: 2100, lowKbps: 900, highKbps: 3200 };
  const { user, player } = await bar({
    signal: { ...signal, source: { ...source, channels: 2 } },
    estimate,
  });
  await user.click(badge());
  const panel = within(await screen.findByRole('dialog', { name: 'Quality' }));
  expect(panel.getByText('FLAC 912 kbps, 44.1 kHz, 16 bit, stereo')).toBeTruthy();
  expect(panel.getByText('High, Opus 256 kbps, 48 kHz')).toBeTruthy();
  expect(panel.getByText(/about 2.1 Mbps, likely between 900 kbps and 3.2 Mbps/)).toBeTruthy();
  expect(panel.getByText('Overture follows without a gap')).toBeTruthy();
  act(() => player.patch({ signal: { ...signal, source: null, delivery: 'stored' } as never }));
  expect(panel.getByText('Kept on this device, no network needed')).toBeTruthy();
});

test('a failure is said, may be retried, and its end is said once', async () => {
  const { user, player } = await bar();
  const lost = (message: string) => ({ code: 'offline', message }) as never;
  act(() => player.patch({ error: lost('The network is gone.') }));
  expect(screen.getByRole('alert').textContent).toContain('The network is gone.');
  await user.click(button('Try again'));
  expect(player.calls.at(-1)).toEqual(['play']);
  await user.click(button('Dismiss'));
  act(() => player.patch({ error: lost('The network is gone.') }));
  expect(screen.queryByRole('alert')).toBeNull();
  act(() => player.patch({ error: null }));
  expect(screen.getByText('The network is back.')).toBeTruthy();
});

test('says how the next track joins: without a gap in an album, faded where one asked for it', async () => {
  const signal = { codec: 'opus', sampleRateHz: 48_000, decoder: '', delivery: 'stored' };
  const { user, player } = await bar({ signal: { ...signal, source: null } });
  await user.click(badge());
  const panel = within(await screen.findByRole('dialog', { name: 'Quality' }));
  act(() => player.patch({ crossfade: { seconds: 4, albums: false } }));
  expect(panel.getByText('Overture fades in over 4 s')).toBeTruthy();
  const [first, second] = player.state.queue.map((one) => ({ ...one, albumId: 'al1' }));
  act(() => player.patch({ track: first!, queue: [first!, second!] }));
  expect(panel.getByText('Overture follows without a gap')).toBeTruthy();
});

test('a track that was passed over is named, with the reason', async () => {
  const { player } = await bar();
  const error = { code: 'unavailable', message: 'the file is gone' } as never;
  act(() => player.patch({ skipped: { track: { id: 'x', title: 'Lost' }, error } }));
  expect(screen.getByRole('alert').textContent).toContain('Passed over “Lost”: the file is gone');
});

test('a screen reader hears the track, and when it waits', async () => {
  const { container, player } = await bar();
  const live = container.querySelector('[aria-live=polite]');
  expect(live?.textContent).toBe('Now playing Northern Mountains by The Lantern Choir');
  vi.useFakeTimers();
  act(() => player.patch({ status: 'stalled' }));
  // A wait that is over before one could say so is not worth saying.
  act(() => vi.advanceTimersByTime(500));
  expect(live?.textContent).toBe('Now playing Northern Mountains by The Lantern Choir');
  act(() => vi.advanceTimersByTime(1000));
  expect(live?.textContent).toBe('Waiting for the network');
  act(() => player.patch({ status: 'playing' }));
  act(() => vi.advanceTimersByTime(1000));
  expect(live?.textContent).toBe('Now playing Northern Mountains by The Lantern Choir');
  vi.useRealTimers();
});

test('with nothing to play its buttons are still', async () => {
  await bar({ track: null, queue: [], index: -1, playing: null, buffered: [], duration: 0 });
  expect(screen.getAllByText('Nothing is playing')[0]).toBeTruthy();
  expect(button('Next track').hasAttribute('disabled')).toBe(true);
});
