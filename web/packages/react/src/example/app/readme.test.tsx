/// <reference types="node" />
import { readFileSync } from 'node:fs';

import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';

import { QuickSyncProvider } from '../../context/QuickSyncContext.tsx';
import { fakePlayer, TRACKS, type FakePlayer } from '../../testing/fakePlayer.ts';
import { FakeServer } from '../../testing/fakeServer.ts';
import { Page } from './Page.tsx';
import { Settings } from './Settings.tsx';

const made = vi.hoisted(() => [] as FakePlayer[]);
vi.mock('@quicksync/player', async (original) => ({
  ...(await original<object>()),
  createPlayer: () => (made.push(fakePlayer()), made.at(-1)),
}));
vi.mock('@quicksync/player/wasm', () => ({ createWasmCore: async () => ({}) }));

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it('runs what the README shows', async () => {
  const server = new FakeServer();
  render(
    <QuickSyncProvider>
      <Settings />
      <Page tracks={TRACKS} />
    </QuickSyncProvider>,
  );
  await screen.findByText('3.5 Mbps');
  expect(server.paths()).toContain('GET status');
  act(() => made.at(-1)!.show({ position: 61.5 as never }));
  expect(screen.getByText('61 s')).toBeTruthy();
  expect(screen.getAllByText('First').length).toBeGreaterThan(0);
});

it.each(['Page.tsx', 'Settings.tsx'])('shows %s as it is', (name) => {
  const here = `${import.meta.dirname}/`;
  const source = readFileSync(here + name, 'utf8');
  const shown = source.slice(source.indexOf('export function'));
  expect(readFileSync(`${here}../../../README.md`, 'utf8')).toContain(shown);
});
