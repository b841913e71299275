import type { CoreAction } from '@quicksync/player';
import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { fakePlayer, TRACKS, type FakePlayer } from '../testing/fakePlayer.ts';
import { pathOf } from './Chart.tsx';
import { QuickSyncStats } from './QuickSyncStats.tsx';

let player: FakePlayer;
beforeEach(() => {
  vi.useFakeTimers();
  player = fakePlayer();
  player.load(TRACKS);
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const fetched = (index: number, reason: string): CoreAction => ({
  type: 'fetch',
  segment: { track: 0, index },
  quality: 'high',
  code: 'kept',
  reason,
});
const line = () => document.querySelector('.qsp-line')?.getAttribute('d') ?? '';

describe('QuickSyncStats', () => {
  it('shows figures and draws them as they change', () => {
    render(<QuickSyncStats player={player} />);
    const estimate = { expectedKbps: 740 } as never;
    const buffered = [
      { start: 0, end: 8, quality: 'low', bitrateKbps: 64 },
      { start: 8, end: 20, quality: 'high', bitrateKbps: 256 },
      { start: 30, end: 40, quality: 'high', bitrateKbps: 256 },
    ] as never;
    act(() => {
      player.show({ throughput: 812 as never, estimate, buffered, position: 5 as never });
      vi.advanceTimersByTime(2_000);
    });
    for (const text of ['812 kbps', '740 kbps', '15 s'])
      expect(screen.getByText(text)).toBeTruthy();
    const before = line();
    expect(before).toMatch(/^M[\d.]+ [\d.]+L/);
    act(() => void vi.advanceTimersByTime(500));
    expect(line().length).toBeGreaterThan(before.length);
    expect(screen.getByRole('img', { name: /^Buffer over/ })).toBeTruthy();
  });

  it('lists the last decisions, the latest first, and no more than six', () => {
    render(<QuickSyncStats player={player} />);
    expect(screen.getByText('None yet')).toBeTruthy();
    act(() => {
      for (let index = 0; index < 8; index += 1) player.decide(fetched(index, `Reason ${index}`));
    });
    const said = screen.getAllByRole('listitem').map((one) => one.textContent);
    expect(said).toEqual([7, 6, 5, 4, 3, 2].map((index) => `Reason ${index}.`));
  });

  it('forgets what is older than two minutes, and everything with another player', () => {
    const { rerender } = render(<QuickSyncStats player={player} />);
    act(() => {
      player.show({ throughput: 500 as never });
      vi.advanceTimersByTime(300_000);
    });
    expect(line().match(/L/g)?.length).toBeLessThanOrEqual(240);
    rerender(<QuickSyncStats player={fakePlayer()} />);
    expect(line()).toBe('');
  });

  it('looks at nothing while nobody looks at the page', () => {
    render(<QuickSyncStats player={player} />);
    act(() => player.show({ throughput: 500 as never }));
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    act(() => void vi.advanceTimersByTime(5_000));
    expect(line()).toBe('');
    vi.restoreAllMocks();
  });

  it('draws gaps as gaps and steps as steps', () => {
    const points = [
      { at_s: 0, value: 50 },
      { at_s: 60, value: 100 },
      { at_s: 90, value: null },
      { at_s: 120, value: 0 },
    ];
    expect(pathOf({ points }, 120, 100)).toBe('M0 50L300 0M600 100');
    expect(pathOf({ points, steps: true }, 120, 100)).toBe('M0 50H300V0M600 100');
  });
});
