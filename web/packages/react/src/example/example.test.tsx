import { cleanup, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';

import { FakeServer, STATUS } from '../testing/fakeServer.ts';
import Player from './components/Player.tsx';
import QuickSyncSettings from './components/QuickSyncSettings.tsx';
import { QuickSyncProvider } from './context/QuickSyncContext.tsx';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it('compiles and runs the documented example against the packages', async () => {
  const server = new FakeServer();
  server.status = { ...STATUS, buffer: { ...STATUS.buffer, preload: 'metadata' } };
  const { container } = render(
    <QuickSyncProvider>
      <Player />
      <QuickSyncSettings />
    </QuickSyncProvider>,
  );
  const audio = () => container.querySelector('audio');
  expect(audio()?.getAttribute('preload')).toBe('auto');
  await screen.findByText('3.5 Mbps');
  await waitFor(() => expect(audio()?.getAttribute('preload')).toBe('metadata'));
});
