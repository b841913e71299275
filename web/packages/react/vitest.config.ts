import { defineProject } from 'vitest/config';

const resolve = { conditions: ['quicksync-source'] };

export default defineProject({
  resolve,
  ssr: { resolve },
  test: {
    name: 'react',
    testTimeout: 60_000,
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
  },
});
