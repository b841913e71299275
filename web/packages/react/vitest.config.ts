import { defineProject } from 'vitest/config';

export default defineProject({
  resolve: { conditions: ['quicksync-source'] },
  test: { name: 'react', environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'] },
});
