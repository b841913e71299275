// Lists of a hundred thousand rows in a real browser. The rows are made up on the way to the page;
// that the server's own lists are as quick is its tests' business.

const COUNT = 100_000;
/** A screen of rows and what is kept ready around it, however long the list is. */
const MOST_NODES = 2_500;
const FRAMES = 120;
/** Two rows a frame: faster than one can read, as fast as one flicks. */
const STEP = 114;

const made = {
  tracks: (index) => ({
    ...{ id: `t${index}`, title: `Track ${index}`, artist: `Artist ${index % 997}`, problem: null },
    ...{ album: `Album ${index % 4999}`, album_id: null, artist_id: null, cover_url: null },
    duration_s: 60 + (index % 300),
  }),
  albums: (index) => ({
    ...{ id: `a${index}`, title: `Album ${index}`, artist: `Artist ${index % 997}` },
    ...{ artist_id: null, cover_url: null, year: 2000, track_count: 9, duration_s: 2400 },
  }),
  artists: (index) => ({
    id: `p${index}`,
    name: `Artist ${index}`,
    album_count: 3,
    track_count: 30,
  }),
};

async function stub(page) {
  await page.route(/\/api\/(tracks|albums|artists)\/\?/, (route) => {
    const url = new URL(route.request().url());
    const kind = url.pathname.split('/').at(-2);
    const [number, size] = ['page', 'page_size'].map((name) => Number(url.searchParams.get(name)));
    const from = (number - 1) * size;
    const length = Math.max(0, Math.min(size, COUNT - from));
    const results = Array.from({ length }, (_, offset) => made[kind](from + offset));
    return route.fulfill({ json: { count: COUNT, next: null, previous: null, results } });
  });
}

/** Scrolls for a while; how long each frame took, in ms. */
const scrollThrough = (page) =>
  page.evaluate(
    async ([frames, step]) => {
      const times = [];
      let last = performance.now();
      for (let frame = 0; frame < frames; frame += 1) {
        scrollBy(0, step);
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        times.push(now - last);
        last = now;
      }
      return times.sort((a, b) => a - b);
    },
    [FRAMES, STEP],
  );

const nodesOf = (page) => page.evaluate(() => document.querySelectorAll('*').length);

async function measure(page, url, path, first, last) {
  await page.goto(`${url}${path}`);
  await page.getByText(first, { exact: true }).first().waitFor();
  const times = await scrollThrough(page);
  const nodes = await nodesOf(page);
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await page.getByText(last, { exact: true }).first().waitFor();
  const most = Math.max(nodes, await nodesOf(page));
  const at = (share) => times[Math.floor((times.length - 1) * share)].toFixed(1);
  console.log(
    `      ${path}: ${most} nodes; frames of ${at(0.5)} ms (median), ${at(0.95)} ms (p95), ${at(1)} ms (worst)`,
  );
  if (most > MOST_NODES) throw new Error(`${path} has ${most} nodes, at most ${MOST_NODES}`);
}

async function goBackToThePlace(page, url) {
  await page.goto(`${url}/artists`);
  await page.getByText('Artist 0', { exact: true }).first().waitFor();
  await page.evaluate(() => scrollTo(0, 720_000));
  const link = page.locator('main li a:visible').filter({ hasText: 'Artist 100' }).first();
  await link.waitFor();
  const before = await page.evaluate(() => scrollY);
  await page.evaluate(() => document.querySelector('nav a[href$="/tracks"]').click());
  await page.getByRole('heading', { level: 1, name: 'Tracks' }).waitFor();
  await page.goBack();
  await page.waitForFunction((y) => Math.abs(scrollY - y) < 2, before);
  await link.waitFor();
}

async function withManyRows(page, { url, inContext }) {
  await inContext({ viewport: { width: 1440, height: 900 } }, async (fresh) => {
    await stub(fresh);
    await measure(fresh, url, '/tracks', 'Track 0', `Track ${COUNT - 1}`);
    await measure(fresh, url, '/', 'Album 0', `Album ${COUNT - 1}`);
    await measure(fresh, url, '/artists', 'Artist 0', `Artist ${COUNT - 1}`);
    await goBackToThePlace(fresh, url);
  });
}

export const lists = [['a hundred thousand rows', withManyRows]];
