// The steps, in order: each waits for what it wants to see and for nothing else.

import { until as waitFor } from '../playback/processes.mjs';
import { rules } from './rules.mjs';

const badgeOf = (page) => page.getByTestId('quality-badge').filter({ visible: true });
const seek = (page) => page.getByRole('slider', { name: 'Position in the track' }).first();

const modeOf = (page, name) =>
  page.getByRole('radiogroup', { name: 'Quality', exact: true }).getByRole('radio', { name });

/** Waits until `read` of the page answers yes. */
const until = (page, read, given, timeout = 30_000) =>
  page.waitForFunction(read, given, { timeout, polling: 100 });

async function enter(page, { url, name, password, setup }) {
  await page.goto(setup ? `${url}/setup#${setup}` : `${url}/tracks`);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  if (setup) await page.getByLabel('Password again').fill(password);
  await page.keyboard.press('Enter');
  // Back to where one wanted to be.
  await page.getByRole('heading', { level: 1, name: setup ? 'Albums' : 'Tracks' }).waitFor();
}

async function playAnAlbum(page, { url }) {
  // The first scan may still be under way.
  await waitFor('an album in the library', async () => {
    const { count } = await (await page.request.get(`${url}/api/albums/`)).json();
    return count > 0;
  });
  await page.goto(`${url}/`);
  await page.locator('main li a').first().click();
  await page.locator('main').getByRole('button', { name: 'Play', exact: true }).click();
  // The playhead moves.
  await seek(page).waitFor();
  await until(page, () => {
    const thumb = document.querySelector('[role=slider][aria-valuetext]');
    return /^0:0[2-9]|^0:[1-9]/.test(thumb?.getAttribute('aria-valuetext') ?? '');
  });
}

async function seeTheBadge(page) {
  await badgeOf(page)
    .filter({ hasText: /(LOW|MEDIUM|HIGH|ULTRA) · Opus \d+/ })
    .waitFor();
  await badgeOf(page).filter({ hasText: 'Auto' }).waitFor();
}

async function readWhy(page) {
  await badgeOf(page).click();
  const sentence = await page.getByTestId('decision').innerText();
  if (sentence.length < 10) throw new Error(`not a sentence: ${sentence}`);
}

async function holdLow(page, { url }) {
  const kept = page.waitForResponse(
    (response) =>
      response.url().includes('/preferences/') && response.request().method() === 'POST',
  );
  await modeOf(page, /^Low/).click();
  if (!(await kept).ok()) throw new Error('the server did not keep the mode');
  await badgeOf(page).filter({ hasText: 'Held' }).waitFor();
  // What is fetched next is low: seek past what is buffered to hear it soon.
  await page.keyboard.press('Escape');
  await seek(page).focus();
  await page.keyboard.press('End');
  for (let back = 0; back < 3; back += 1) await page.keyboard.press('ArrowLeft');
  await badgeOf(page).filter({ hasText: 'LOW · Opus 64' }).waitFor();
  const answer = await page.request.get(`${url}/api/audio/quick-sync/preferences/`);
  const { mode } = await answer.json();
  if (mode !== 'low') throw new Error(`the server holds ${mode}`);
}

async function backToAuto(page) {
  await badgeOf(page).click();
  await modeOf(page, /^Auto/).click();
  await badgeOf(page).filter({ hasText: 'Auto' }).waitFor();
  await page.keyboard.press('Escape');
}

async function search(page) {
  await page.locator('main').click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('/');
  await page.getByRole('searchbox').fill('e');
  await page.locator('main section').first().waitFor();
  await page.getByRole('searchbox').fill('no such music anywhere');
  await page.getByText('Nothing matches').waitFor();
}

async function settingsAndReference(page, { url }) {
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await page.getByRole('switch', { name: 'Prefer quality' }).waitFor();
  await page.getByRole('link', { name: 'API', exact: true }).first().click();
  const status = page.getByText('/api/audio/quick-sync/status/', { exact: true }).first();
  await status.click();
  await page.locator('details[open]').getByRole('button', { name: 'Send' }).click();
  await page.getByText('Answer: 200').waitFor();
  await page.goto(`${url}/`);
}

async function leave(page, { url }) {
  await page.goto(`${url}/settings?tab=account`);
  await page.getByRole('button', { name: 'Log out', exact: true }).click();
  await page.getByLabel('Password', { exact: true }).waitFor();
}

export const steps = [
  ['log in', enter],
  ['play an album', playAnAlbum],
  ['see the badge', seeTheBadge],
  ['read why', readWhy],
  ['hold low', holdLow],
  ['back to auto', backToAuto],
  ...rules,
  ['search', search],
  ['settings and API', settingsAndReference],
  ['log out', leave],
];
