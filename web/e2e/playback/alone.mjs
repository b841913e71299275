// A browser of its own, which can be stopped with everything it runs, as a computer that sleeps is.

import { chromium } from 'playwright-core';

export async function launchAlone(options) {
  const server = await chromium.launchServer({ ...options, headless: true });
  const browser = await chromium.connect(server.wsEndpoint());
  // It leads the group of its processes.
  const signal = (name) => process.kill(-server.process().pid, name);
  return {
    browser,
    sleep: () => signal('SIGSTOP'),
    wake: () => signal('SIGCONT'),
    async close() {
      signal('SIGCONT');
      await server.close();
    },
  };
}
