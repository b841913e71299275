// What every test of a component needs: a clean page after each, and the browser parts that
// happy-dom leaves out.

import { cleanup } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

class NoObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}
vi.stubGlobal('ResizeObserver', NoObserver);
vi.stubGlobal('IntersectionObserver', NoObserver);

afterEach(() => {
  cleanup();
  localStorage.clear();
});
