import { expect, it, vi } from 'vitest';

import { createStore } from './store.ts';

it('calls a watcher only when the part it picked has changed', () => {
  const store = createStore({ volume: 1, title: 'a' });
  const heard = vi.fn();
  const stop = store.subscribe((state) => state.volume, heard);
  store.patch({ title: 'b' });
  store.patch({ volume: 1 });
  expect(heard).not.toHaveBeenCalled();
  store.patch({ volume: 0.5, title: 'c' });
  expect(heard).toHaveBeenCalledExactlyOnceWith(0.5);
  stop();
  store.patch({ volume: 0 });
  expect(heard).toHaveBeenCalledTimes(1);
});

it('keeps the same state object while nothing changes', () => {
  const store = createStore({ volume: 1 });
  const before = store.state;
  store.patch({ volume: 1 });
  expect(store.state).toBe(before);
});
