import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const server = process.env['QUICKSYNC_SERVER'] ?? 'http://127.0.0.1:4040';

export default defineConfig({
  // Relative, so that the app works below any path prefix; the page's <base> says which.
  base: './',
  plugins: [react(), tailwindcss()],
  resolve: { conditions: ['quicksync-source', 'module', 'browser', 'development|production'] },
  // The content security policy allows no data: URLs in scripts, styles or fonts.
  build: {
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 640,
    modulePreload: { polyfill: false },
    target: 'es2022',
    rolldownOptions: {
      output: {
        // What every page needs, in one piece: dozens of small ones cost more than they spare.
        advancedChunks: {
          groups: [
            {
              name: 'base',
              test: /node_modules\/(react|react-dom|scheduler|@tanstack|@radix-ui|@floating-ui)\//,
            },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': { target: server, changeOrigin: false } } },
  test: {
    environment: 'happy-dom',
    setupFiles: ['src/testing/setup.ts'],
    css: false,
    testTimeout: 60_000,
  },
});
