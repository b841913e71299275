// One listener: a page of its own in the browser, and a way to talk to its player.

import { until } from './processes.mjs';

export const PREFERENCES = {
  mode: 'auto',
  prefer_quality: true,
  adapt_to_system: true,
  auto_download_quality: false,
};
/** At most 30 s ahead. */
export const BUFFER = {
  buffer_size: 15,
  preload: 'auto',
  max_buffer_size: 30,
  rebuffer_threshold: 4.5,
};

/** `before` runs in the page before anything else. */
export async function openListener(browser, origin, before) {
  const context = await browser.newContext();
  const page = await context.newPage();
  if (before) await page.addInitScript(before);
  const said = [];
  page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => said.push(`error: ${error.stack ?? error}`));
  const pressure = await overridePressure(context, page);
  await page.goto(`${origin}/`);
  await page.waitForFunction(() => 'start' in globalThis);
  let lifecycle = null;
  const state = () => page.evaluate(() => globalThis.player.state);
  return {
    /** What the page's console has said. */
    said,
    start: (world, titles, { preferences = PREFERENCES, buffer = BUFFER, ...how } = {}) =>
      page.evaluate((setup) => globalThis.start(setup), {
        ...how,
        baseUrl: world.base,
        token: world.token,
        queue: titles.map((title) => world.tracks[title]),
        preferences,
        buffer,
      }),
    state,
    pressure,
    /** Calls a method of the player. */
    call: (method, ...given) =>
      page.evaluate(([name, args]) => globalThis.player[name](...args), [method, given]),
    setToken: (token) => page.evaluate((next) => globalThis.setToken(next), token),
    report: () => page.evaluate(() => globalThis.report()),
    /** What the player calls its device. */
    device: () => page.evaluate(() => localStorage.getItem('quicksync.device')),
    /** Cuts the page off, or lets it back. */
    offline: (is) => context.setOffline(is),
    /** Moves, and says how many milliseconds passed before the sound went on there. */
    seekToSound: (position) => page.evaluate((to) => globalThis.seekToSound(to), position),
    /** `frozen`, or `active` again: as the browser does with pages in the background. */
    async lifecycle(wanted) {
      lifecycle ??= await context.newCDPSession(page);
      await lifecycle.send('Page.setWebLifecycleState', { state: wanted });
    },
    /** Leaves the page, which may say a last word. */
    leave: () => page.goto('about:blank'),
    /** The state, once it is as `test` wants it. */
    reaches: (what, test, deadlineMs) =>
      until(
        what,
        async () => {
          const now = await state();
          return test(now) && now;
        },
        deadlineMs,
      ),
    close: () => context.close(),
  };
}

/** Whoever else uses this machine decides nothing: the browser is told how hard it works. */
export async function overridePressure(context, page) {
  const devtools = await context.newCDPSession(page);
  const source = 'cpu';
  const metadata = { available: true };
  await devtools.send('Emulation.setPressureSourceOverrideEnabled', {
    enabled: true,
    source,
    metadata,
  });
  return (state) => devtools.send('Emulation.setPressureStateOverride', { source, state });
}
