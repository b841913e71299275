// Every page on its own: nothing that axe-core finds wrong by WCAG 2.2 AA, in both lights and at
// both ends of the widths that are common. Colours do not depend on the width, nor the layout on
// the light: two of the four are enough.

import { overflows, violations } from './axe.mjs';
import { tellOfListening } from './listening.mjs';

const VIEWS = [
  { width: 'desktop', viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  { width: 'phone', viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
];

const TABS = [
  ...['sound', 'network', 'speed', 'downloads', 'appearance', 'account', 'tokens', 'devices'],
  ...['privacy', 'library', 'users'],
];
const PAGES = [
  ['albums', '/'],
  ['artists', '/artists'],
  ['tracks', '/tracks'],
  ['search', '/search?q=tone'],
  ['queue', '/queue'],
  ['offline', '/offline'],
  ['playback', '/stats'],
  ['listening', '/analytics'],
  ['API', '/reference'],
  ['nothing there', '/nowhere'],
  ...TABS.map((tab) => [`settings, ${tab}`, `/settings?tab=${tab}`]),
];

async function logIn(page, { url, name, password }) {
  await page.goto(`${url}/login`);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Albums' }).waitFor();
}

const check = (name, path) => async (page, house, shoot) => {
  const wrong = [];
  for (const { width, viewport, colorScheme } of VIEWS) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto(`${house.url}${path}`);
    await page.locator('h1, h2').first().waitFor();
    await page.waitForLoadState('networkidle');
    await shoot(`${name} ${width} ${colorScheme}`);
    for (const one of await violations(page)) wrong.push(`${width}, ${colorScheme}: ${one}`);
  }
  wrong.push(...(await overflows(page)));
  if (wrong.length > 0) throw new Error(wrong.join('\n      '));
};

/** The pages of listening, once there was some. */
async function listening(page, house, shoot) {
  const [first] = await tellOfListening(page.request, house.url);
  for (const [name, path] of [
    ['listening, told of', '/analytics'],
    ['listening, everyone', '/analytics?of=everyone'],
    ['listening, one session', `/analytics/sessions/${first}`],
  ]) {
    await check(name, path)(page, house, shoot);
  }
}

export const pages = [
  ['the log-in page', check('log in', '/login')],
  ['the set-up page', check('set up', '/setup')],
  ['log in again', logIn],
  ...PAGES.map(([name, path]) => [`the page: ${name}`, check(name, path)]),
  ['the pages of listening', listening],
];
