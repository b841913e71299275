// What every test of a component needs: a clean page after each, and the browser parts that
// happy-dom leaves out.

import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

// What is waited for comes; how soon is the machine's business.
configure({ asyncUtilTimeout: 20_000 });

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
