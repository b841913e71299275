// How soon the app is there: a first visit of someone who is logged in, on a phone's processor and a
// mobile network, measured by the browser itself. What must come before the first paint has a budget;
// the times are printed, since they are the machine's too.

const BUDGET_BYTES = 230 * 1024;
/** Layout may not move under one's finger: good by https://web.dev/articles/cls. */
const MOST_SHIFT = 0.1;
/** The middle of what Lighthouse calls slow 4G, and its processor four times slower. */
const NETWORK = { latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 };
const SLOWER = 4;
const SETTLE_MS = 6_000;

/** Runs in the page before anything of it. */
function observe() {
  const seen = { paint: 0, largest: 0, shift: 0, tasks: [] };
  globalThis.seen = seen;
  const on = (type, note) =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({
      type,
      buffered: true,
    });
  on('paint', ({ name, startTime }) => {
    if (name === 'first-contentful-paint') seen.paint = startTime;
  });
  on('largest-contentful-paint', ({ startTime }) => (seen.largest = startTime));
  on('layout-shift', ({ value, hadRecentInput }) => (seen.shift += hadRecentInput ? 0 : value));
  on('longtask', ({ startTime, duration }) => seen.tasks.push([startTime, duration]));
}

/** What had come whole by the first paint, and all that came, in bytes as they went over the wire. */
const read = (page) =>
  page.evaluate(() => {
    const { paint, largest, shift, tasks } = globalThis.seen;
    const [document_] = performance.getEntriesByType('navigation');
    const before = performance
      .getEntriesByType('resource')
      .filter(({ responseEnd }) => responseEnd <= paint);
    const blocked = tasks.filter(([start]) => start >= paint);
    return {
      paint,
      largest,
      shift,
      blocking: blocked.reduce((sum, [, lasted]) => sum + Math.max(0, lasted - 50), 0),
      bytes: before.reduce((sum, { transferSize }) => sum + transferSize, document_.transferSize),
      all: Object.entries(
        performance.getEntriesByType('resource').reduce(
          (sums, { name, transferSize }) => {
            const type = /\.(js|css|woff2|wasm)(?:\?|$)/.exec(name)?.[1] ?? 'other';
            return { ...sums, [type]: (sums[type] ?? 0) + transferSize };
          },
          { page: document_.transferSize },
        ),
      ),
      names: before.map(({ name }) => new URL(name).pathname.split('/').at(-1)),
    };
  });

async function firstVisit(_, { url, inContext }) {
  const phone = { viewport: { width: 390, height: 844 }, isMobile: true };
  await inContext(phone, async (page) => {
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', { offline: false, ...NETWORK });
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    await page.addInitScript(observe);
    await page.goto(`${url}/`);
    await page.locator('main h1').waitFor();
    await page.waitForTimeout(SETTLE_MS);
    const { paint, largest, shift, blocking, bytes, all, names } = await read(page);
    console.log(
      `      first paint ${paint.toFixed(0)} ms, largest ${largest.toFixed(0)} ms, blocked ${blocking.toFixed(0)} ms, ` +
        `shift ${shift.toFixed(3)}; ${(bytes / 1024).toFixed(0)} kB before the first paint`,
    );
    const sum = all.reduce((total, [, size]) => total + size, 0);
    const parts = all.map(([type, size]) => `${type} ${(size / 1024).toFixed(0)}`).join(', ');
    console.log(`      ${(sum / 1024).toFixed(0)} kB in all: ${parts}`);
    if (!(paint > 0)) throw new Error('nothing was painted');
    if (bytes > BUDGET_BYTES) throw new Error(`${bytes} bytes before the first paint: ${names}`);
    if (shift > MOST_SHIFT) throw new Error(`the layout moves by ${shift}`);
    const early = names.filter((name) => /makePlayer|\.wasm$/.test(name));
    if (early.length > 0) throw new Error(`fetched before the first paint: ${early}`);
  });
}

export const figures = [['how soon it is there', firstVisit]];
