import { defineProject } from 'vitest/config';

export default defineProject({
  resolve: { conditions: ['quicksync-source'] },
  test: { name: 'player', environment: 'node', include: ['src/**/*.test.ts'] },
});
