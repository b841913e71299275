import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import axe from 'axe-core';
import { StrictMode } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { QuickSyncProvider } from '../context/QuickSyncContext.tsx';
import { QuickSyncStats } from '../stats/QuickSyncStats.tsx';
import { fakePlayer, TRACKS, type FakePlayer } from '../testing/fakePlayer.ts';
import { FakeServer } from '../testing/fakeServer.ts';
import { QuickSyncPlayer, type QuickSyncPlayerProps } from './QuickSyncPlayer.tsx';

const made = vi.hoisted(() => [] as FakePlayer[]);
const asked = vi.hoisted(() => [] as { baseUrl?: string; getToken?: () => unknown }[]);
vi.mock('@quicksync/player', async (original) => ({
  ...(await original<object>()),
  createPlayer: (options: (typeof asked)[number]) => {
    const player = fakePlayer();
    made.push(player);
    asked.push(options);
    return player;
  },
}));

vi.mock('@quicksync/player/wasm', () => ({ createWasmCore: async () => ({}) }));

let server: FakeServer;
beforeEach(() => void (server = new FakeServer()));
afterEach(() => {
  cleanup();
  made.length = asked.length = 0;
  vi.unstubAllGlobals();
});

function show(props: Partial<QuickSyncPlayerProps> = {}) {
  const tree = (more: Partial<QuickSyncPlayerProps> = {}) => (
    <StrictMode>
      <QuickSyncProvider baseUrl="http://music.test" token="secret">
        <QuickSyncPlayer tracks={TRACKS} {...props} {...more} />
      </QuickSyncProvider>
    </StrictMode>
  );
  const shown = render(tree());
  return { ...shown, again: (more: Partial<QuickSyncPlayerProps>) => shown.rerender(tree(more)) };
}

const player = () => made.at(-1)!;
const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name });
const slider = (name: string) => screen.getByRole<HTMLInputElement>('slider', { name });
const RANGE = { start: 0, end: 30, quality: 'high', bitrateKbps: 256 };

describe('QuickSyncPlayer', () => {
  it('makes one player for the provider’s server, also in strict mode, and ends it', () => {
    const { unmount } = show();
    expect(made).toHaveLength(2);
    expect(made[0]!.destroy).toHaveBeenCalledOnce();
    expect(player().destroy).not.toHaveBeenCalled();
    expect(asked.at(-1)).toMatchObject({ baseUrl: 'http://music.test' });
    expect(asked.at(-1)?.getToken?.()).toBe('secret');
    unmount();
    expect(player().destroy).toHaveBeenCalledOnce();
  });

  it('plays and pauses, and goes from track to track', () => {
    show();
    expect(screen.getByText('First')).toBeTruthy();
    fireEvent.click(button('Play'));
    expect(player().state.status).toBe('playing');
    fireEvent.click(button('Pause'));
    expect(player().state.status).toBe('paused');
    fireEvent.click(button('Next track'));
    expect(screen.getByText('Second')).toBeTruthy();
    expect(button('Next track').disabled).toBe(true);
    fireEvent.click(button('Previous track'));
    expect(screen.getByText('First')).toBeTruthy();
  });

  it('seeks once, where the slider is let go', () => {
    show();
    act(() => player().show({ duration: 200 as never, position: 12 as never }));
    const bar = slider('Position');
    expect(bar.getAttribute('aria-valuetext')).toBe('0:12 of 3:20');
    fireEvent.change(bar, { target: { value: '90' } });
    fireEvent.change(bar, { target: { value: '100' } });
    expect(player().seek).not.toHaveBeenCalled();
    fireEvent.pointerUp(bar);
    expect(player().seek).toHaveBeenCalledExactlyOnceWith(100);
  });

  it('shows what is buffered by quality, what is heard, and why', () => {
    const { container } = show();
    act(() =>
      player().show({
        duration: 100 as never,
        buffered: [RANGE] as never,
        playing: { quality: 'high', bitrateKbps: 256 as never },
        decision: { quality: 'high', code: 'kept', reason: 'Staying at high', position: null },
      }),
    );
    const range = container.querySelector<HTMLElement>('.qsp-range')!;
    expect([range.dataset['quality'], range.style.width]).toEqual(['high', '30%']);
    expect(screen.getByText('High · 256 kbps · chosen for you')).toBeTruthy();
    expect(screen.getByText('Staying at high.')).toBeTruthy();
  });

  it('brings the mode to the player at once and to the server', async () => {
    show();
    await waitFor(() => expect(player().applyPreferences).toHaveBeenCalled());
    const choice = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Quality' });
    fireEvent.change(choice, { target: { value: 'medium' } });
    expect(player().state.mode).toBe('medium');
    await waitFor(() => expect(server.preferences.mode).toBe('medium'));
  });

  it('turns the volume, and unmutes by turning it', () => {
    show();
    fireEvent.click(button('Mute'));
    expect(slider('Volume').value).toBe('0');
    fireEvent.change(slider('Volume'), { target: { value: '0.4' } });
    expect(player().state).toMatchObject({ muted: false, volume: 0.4 });
  });

  it('answers keys, but takes none from what has a use for them', () => {
    show();
    const region = screen.getByRole('region', { name: 'Player' });
    fireEvent.keyDown(region, { key: 'k' });
    expect(player().state.status).toBe('playing');
    act(() => player().show({ position: 20 as never }));
    fireEvent.keyDown(region, { key: 'ArrowRight' });
    expect(player().seek).toHaveBeenLastCalledWith(25);
    fireEvent.keyDown(region, { key: 'm' });
    expect(player().state.muted).toBe(true);
    const calls = vi.mocked(player().seek).mock.calls.length;
    fireEvent.keyDown(slider('Volume'), { key: 'ArrowRight' });
    fireEvent.keyDown(screen.getByRole('combobox'), { key: 'l' });
    fireEvent.keyDown(button('Pause'), { key: ' ' });
    fireEvent.keyDown(region, { key: 'l', ctrlKey: true });
    expect(player().seek).toHaveBeenCalledTimes(calls);
    expect(player().state.status).toBe('playing');
  });

  it('goes on with the track of a new queue that it plays already', () => {
    const { again } = show();
    again({ tracks: [...TRACKS] });
    expect(player().load).toHaveBeenCalledOnce();
    again({ tracks: [...TRACKS, { id: 'c', title: 'Third' }] });
    expect(player().updateQueue).toHaveBeenCalledOnce();
    again({ tracks: [{ id: 'c', title: 'Third' }] });
    expect(player().load).toHaveBeenCalledTimes(2);
  });

  it('takes a player of one’s own and leaves it alone', () => {
    const own = fakePlayer();
    const { unmount } = show({ player: own });
    expect(made).toHaveLength(0);
    fireEvent.click(button('Play'));
    expect(own.state.status).toBe('playing');
    unmount();
    expect(own.destroy).not.toHaveBeenCalled();
  });

  it('speaks German, and says why it stopped', () => {
    show({ language: 'de' });
    const error = { code: 'decode', message: 'Damaged.' } as const;
    act(() => player().show({ status: 'error', error }));
    expect(button('Abspielen')).toBeTruthy();
    expect(screen.getByRole('alert').textContent).toBe('Damaged.');
    expect(screen.getByText('Abgebrochen: First')).toBeTruthy();
  });

  it('has no flaw that axe knows of, and styles nothing but itself', async () => {
    const { container } = show({ children: <QuickSyncStats /> });
    act(() => player().show({ buffered: [RANGE] as never, duration: 60 as never }));
    const { violations } = await axe.run(container, { rules: { region: { enabled: false } } });
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    const classes = [...container.querySelectorAll('[class]')].map(
      (one) => one.getAttribute('class') ?? '',
    );
    expect(classes.filter((name) => !name.startsWith('qsp-'))).toEqual([]);
    expect(document.adoptedStyleSheets).toHaveLength(1);
    const rules = [...document.adoptedStyleSheets[0]!.cssRules].map((rule) => rule.cssText);
    expect(rules.length).toBeGreaterThan(20);
    const leaks = rules.filter((rule) =>
      (rule.split('{')[0] ?? '').split(',').some((one) => !one.trim().startsWith('.qsp-')),
    );
    expect(leaks).toEqual([]);
    cleanup();
    expect(document.adoptedStyleSheets).toHaveLength(0);
  });
});
