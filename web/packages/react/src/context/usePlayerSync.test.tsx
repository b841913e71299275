import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { FakeServer, PREFERENCES, STATUS } from '../testing/fakeServer.ts';
import { QuickSyncProvider, useQuickSync } from './QuickSyncContext.tsx';
import { usePlayerSync } from './usePlayerSync.ts';

let server: FakeServer;
beforeEach(() => void (server = new FakeServer()));
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const wrapper = ({ children }: { children: ReactNode }) => (
  <QuickSyncProvider>{children}</QuickSyncProvider>
);

describe('usePlayerSync', () => {
  it('brings preferences, buffer, host load and network to the player, and every change', async () => {
    const player = {
      applyPreferences: vi.fn(),
      applyBufferSettings: vi.fn(),
      applyHostLoad: vi.fn(),
      applyNetworkEstimate: vi.fn(),
    };
    const { result } = renderHook(
      () => {
        usePlayerSync(player);
        return useQuickSync();
      },
      { wrapper },
    );
    await waitFor(() => expect(player.applyPreferences).toHaveBeenCalledWith(PREFERENCES));
    expect(player.applyBufferSettings).toHaveBeenCalledWith(STATUS.buffer);
    expect(player.applyHostLoad).toHaveBeenCalledWith(STATUS.system);
    expect(player.applyNetworkEstimate).toHaveBeenCalledWith(STATUS.network);
    const effective = { cpu_percent: 81, memory_percent: 40 };
    server.status = {
      ...STATUS,
      buffer: { ...STATUS.buffer, buffer_size: 20 },
      system: { ...STATUS.system, effective },
    };
    await act(() => result.current.updatePreferences({ mode: 'ultra' }));
    expect(player.applyPreferences).toHaveBeenLastCalledWith({ ...PREFERENCES, mode: 'ultra' });
    expect(player.applyBufferSettings).toHaveBeenLastCalledWith(server.status.buffer);
    expect(player.applyHostLoad).toHaveBeenLastCalledWith(effective);
  });

  it('tells a player that knows of bounds what the rules allow, and when they change', async () => {
    const budget = { left_bytes: 5_000_000 };
    server.bounds = { max_quality: 'medium', budget };
    const player = {
      applyPreferences: vi.fn(),
      applyBufferSettings: vi.fn(),
      applyHostLoad: vi.fn(),
      applyNetworkEstimate: vi.fn(),
      applyBounds: vi.fn(),
    };
    const { result } = renderHook(
      () => {
        usePlayerSync(player);
        return useQuickSync();
      },
      { wrapper },
    );
    const bounds = { maxQuality: 'medium', leftBytes: 5_000_000 };
    await waitFor(() => expect(player.applyBounds).toHaveBeenLastCalledWith(bounds));
    server.bounds = { max_quality: null, budget: null };
    await act(() => result.current.refreshStatus());
    expect(player.applyBounds).toHaveBeenLastCalledWith({ maxQuality: null, leftBytes: null });
  });

  it('puts what this device has of its own over what the listener chose', async () => {
    const overridden = ['mode', 'download_quality'];
    server.device = { preferences: { ...PREFERENCES, mode: 'low' }, overridden };
    const player = {
      applyPreferences: vi.fn(),
      applyBufferSettings: vi.fn(),
      applyHostLoad: vi.fn(),
      applyNetworkEstimate: vi.fn(),
    };
    const { result } = renderHook(
      () => {
        usePlayerSync(player);
        return useQuickSync();
      },
      { wrapper },
    );
    await waitFor(() => expect(result.current.device).toEqual(server.device));
    expect(player.applyPreferences).toHaveBeenLastCalledWith({ ...PREFERENCES, mode: 'low' });
    await act(() => result.current.updatePreferences({ mode: 'ultra', prefer_quality: false }));
    expect(result.current.preferences?.mode).toBe('ultra');
    expect(player.applyPreferences).toHaveBeenLastCalledWith({
      ...PREFERENCES,
      mode: 'low',
      prefer_quality: false,
    });
  });
});
