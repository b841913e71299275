import { defineProject } from 'vitest/config';

export default defineProject({
  resolve: { conditions: ['quicksync-source'] },
  test: { name: 'player', testTimeout: 60_000, environment: 'node', include: ['src/**/*.test.ts'] },
});
