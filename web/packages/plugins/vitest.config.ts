import { defineProject } from 'vitest/config';

export default defineProject({
  // The tests run in Node, which Vite takes for a server.
  ssr: { resolve: { conditions: ['quicksync-source'] } },
  test: { name: 'plugins', environment: 'node', include: ['src/**/*.test.ts'] },
});
