import { afterEach, expect, test, vi } from 'vitest';

import { declaredKind, declareKind, networkScope, toldKind } from './network.ts';

const browserSays = (type: string | undefined) =>
  vi.stubGlobal('navigator', { ...(type ? { connection: { type } } : {}) });
afterEach(() => vi.unstubAllGlobals());

test('what the listener declares reaches the player as if the browser had said it', () => {
  browserSays(undefined);
  const { connection } = networkScope().navigator ?? {};
  const changed = vi.fn();
  connection?.addEventListener('change', changed);
  expect(connection?.type).toBe('unknown');
  declareKind('cellular');
  expect(changed).toHaveBeenCalledTimes(1);
  expect(connection?.type).toBe('cellular');
  expect(declaredKind()).toBe('cellular');
});

test('what the browser says counts before it', () => {
  declareKind('cellular');
  browserSays('wifi');
  expect(toldKind()).toBe('wifi');
  expect(networkScope().navigator?.connection?.type).toBe('wifi');
  browserSays('bluetooth');
  expect(toldKind()).toBe('unknown');
});

test('what is no kind of network is kept as not known', () => {
  localStorage.setItem('quicksync.network', 'pigeon');
  expect(declaredKind()).toBe('unknown');
});
