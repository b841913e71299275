import { defineProject } from 'vitest/config';

const resolve = { conditions: ['quicksync-source'] };

export default defineProject({
  resolve,
  ssr: { resolve },
  test: { name: 'react', environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'] },
});
