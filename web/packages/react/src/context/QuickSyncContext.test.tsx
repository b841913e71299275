import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { StrictMode, type ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { FakeServer, PREFERENCES, STATUS } from '../testing/fakeServer.ts';
import {
  QuickSyncProvider,
  useQuickSync,
  type QuickSyncProviderProps,
} from './QuickSyncContext.tsx';

let server: FakeServer;
beforeEach(() => void (server = new FakeServer()));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function show(props: QuickSyncProviderProps = {}) {
  let present = props;
  const wrapper = ({ children }: { children: ReactNode }) => (
    <StrictMode>
      <QuickSyncProvider {...present}>{children}</QuickSyncProvider>
    </StrictMode>
  );
  const hook = renderHook(() => useQuickSync(), { wrapper });
  const change = (next: QuickSyncProviderProps) => {
    present = next;
    hook.rerender();
  };
  return { ...hook, change };
}

async function shown(props: QuickSyncProviderProps = {}) {
  const hook = show(props);
  await waitFor(() => expect(hook.result.current.loading).toBe(false));
  return hook;
}

describe('QuickSyncProvider', () => {
  it('loads status and preferences once the page is there', async () => {
    const { result } = show();
    expect(result.current).toMatchObject({ status: null, preferences: null, loading: true });
    await waitFor(() => expect(result.current.loading).toBe(false));
    expect(result.current).toMatchObject({ status: STATUS, preferences: PREFERENCES, error: null });
  });

  it('names the device, and the listener by token', async () => {
    await shown({ baseUrl: 'http://music.test/', token: 'secret' });
    const { path, headers } = server.asked[0]!;
    expect(path).toBe('http://music.test/api/audio/quick-sync/status/');
    expect(headers.get('Authorization')).toBe('Bearer secret');
    expect(headers.get('X-Quick-Sync-Device')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('shows a changed preference at once and sends only that field', async () => {
    const { result } = await shown();
    let open: () => void = () => undefined;
    server.gate = new Promise((resolve) => (open = resolve));
    let sent: Promise<void> | undefined;
    act(() => void (sent = result.current.updatePreferences({ prefer_quality: false })));
    expect(result.current.preferences).toEqual({ ...PREFERENCES, prefer_quality: false });
    await act(async () => (open(), sent));
    expect(server.asked.at(-1)?.body).toEqual({ prefer_quality: false });
    expect(result.current.preferences?.prefer_quality).toBe(false);
  });

  it('takes back exactly the change that was refused, rejects, and says why', async () => {
    const { result } = await shown();
    server.refusals.push({ status: 400, detail: 'mode must be one of auto, low.' });
    let refused: Promise<void> = Promise.resolve();
    let kept: Promise<void> = Promise.resolve();
    act(() => {
      refused = result.current.updatePreferences({ mode: 'ultra' });
      kept = result.current.updatePreferences({ adapt_to_system: false });
    });
    refused.catch(() => undefined);
    expect(result.current.preferences).toMatchObject({ mode: 'ultra', adapt_to_system: false });
    await act(async () => {
      await expect(refused).rejects.toThrow('mode must be one of auto, low.');
    });
    expect(result.current.preferences).toMatchObject({ mode: 'auto', adapt_to_system: false });
    await act(() => kept);
    expect(result.current.preferences).toMatchObject({ mode: 'auto', adapt_to_system: false });
  });

  it('keeps the last word when changes follow each other quickly', async () => {
    const { result } = await shown();
    await act(async () => {
      const { updatePreferences } = result.current;
      await Promise.all([updatePreferences({ mode: 'low' }), updatePreferences({ mode: 'high' })]);
    });
    expect(server.preferences.mode).toBe('high');
    expect(result.current.preferences?.mode).toBe('high');
  });

  it('runs a speed test, keeps its result and refreshes the status', async () => {
    const { result } = await shown();
    server.status = { ...STATUS, network: { ...STATUS.network, speed_mbps: 4.2 } };
    let done: Promise<void> | undefined;
    act(() => void (done = result.current.runSpeedTest()));
    expect(result.current.loading).toBe(true);
    await act(async () => done);
    expect(result.current).toMatchObject({
      loading: false,
      lastTest: { network_speed_mbps: 4.2 },
      status: { network: { speed_mbps: 4.2 } },
    });
  });

  it('says why a speed test was refused and goes on', async () => {
    const { result } = await shown();
    server.refusals.push({ status: 429, detail: 'Too many tests; try again in 12 s.' });
    await act(() => result.current.runSpeedTest());
    expect(result.current).toMatchObject({
      error: 'Too many tests; try again in 12 s.',
      loading: false,
    });
  });

  it('falls silent without a login and asks again after one', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    server.refusals.push({ status: 401, detail: 'No.' });
    const { result, change } = await shown({ sessionKey: null });
    expect(result.current).toMatchObject({ status: null, error: null });
    const before = server.asked.length;
    await act(() => vi.advanceTimersByTimeAsync(20 * 60_000));
    expect(server.asked).toHaveLength(before);
    change({ sessionKey: 'listener' });
    await waitFor(() => expect(result.current.status).toEqual(STATUS));
  });

  it('forgets one listener before it shows the next', async () => {
    const { result, change } = await shown({ token: 'one' });
    server.status = { ...STATUS, quality: { ...STATUS.quality, level: 'low' } };
    change({ token: 'two' });
    expect(result.current.status).toBeNull();
    await waitFor(() => expect(result.current.status?.quality.level).toBe('low'));
    expect(server.asked.at(-1)?.headers.get('Authorization')).toBe('Bearer two');
  });

  it('asks again every five minutes, but not of a page in the background', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await shown();
    const before = server.asked.length;
    await act(() => vi.advanceTimersByTimeAsync(5 * 60_000 + 1_000));
    expect(server.asked).toHaveLength(before + 1);
    const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    document.dispatchEvent(new Event('visibilitychange'));
    await act(() => vi.advanceTimersByTimeAsync(60 * 60_000));
    expect(server.asked).toHaveLength(before + 1);
    visibility.mockReturnValue('visible');
    await act(async () => {
      document.dispatchEvent(new Event('visibilitychange'));
      await vi.advanceTimersByTimeAsync(1);
    });
    expect(server.asked).toHaveLength(before + 2);
    visibility.mockRestore();
  });

  it('refuses to be used without a provider', () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(() => renderHook(() => useQuickSync())).toThrow(/QuickSyncProvider/);
  });
});
