import { afterEach, expect, test, vi } from 'vitest';

import { declaredNetwork, declareNetwork, isDear, toldKind } from './network.ts';

const browserSays = (type: string | undefined) =>
  vi.stubGlobal('navigator', { ...(type ? { connection: { type } } : {}) });
afterEach(() => vi.unstubAllGlobals());

test('what the listener declares is kept, part by part', () => {
  browserSays(undefined);
  expect(declaredNetwork()).toEqual({});
  declareNetwork({ kind: 'cellular' });
  declareNetwork({ metered: true });
  declareNetwork({ saveData: false });
  expect(declaredNetwork()).toEqual({ kind: 'cellular', metered: true, saveData: false });
  declareNetwork({ kind: 'unknown' });
  expect(declaredNetwork()).toEqual({ metered: true, saveData: false });
  expect(isDear()).toBe(true);
  declareNetwork({ metered: false });
  expect(isDear()).toBe(false);
});

test('what the browser says of the kind counts before it', () => {
  declareNetwork({ kind: 'cellular', metered: true });
  browserSays('wifi');
  expect(toldKind()).toBe('wifi');
  expect(declaredNetwork()).toEqual({ metered: true });
  browserSays('bluetooth');
  expect(toldKind()).toBe('unknown');
  expect(declaredNetwork()).toEqual({ kind: 'cellular', metered: true });
});

test.each(['{', 'null', '"wifi"', '{"kind":"pigeon","metered":"yes"}'])(
  'what is no declaration, as %s, declares nothing',
  (odd) => {
    localStorage.setItem('quicksync.network', odd);
    expect(declaredNetwork()).toEqual({});
  },
);
