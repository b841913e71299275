import { defineProject } from 'vitest/config';

export default defineProject({
  // The tests run in Node, which Vite takes for a server.
  ssr: { resolve: { conditions: ['quicksync-source'] } },
  test: {
    name: 'plugins',
    testTimeout: 60_000,
    environment: 'node',
    include: ['src/**/*.test.ts'],
  },
});
