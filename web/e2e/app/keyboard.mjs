// The app without a mouse: what has the keyboard can be seen, nothing traps it, and a dialog gives it
// back.

import { until } from '../playback/processes.mjs';

const PAGES = ['/', '/tracks', '/artists', '/search?q=tone', '/queue', '/offline', '/settings'];
const MOST_STOPS = 60;

/** What has the keyboard: its name, whether one sees that it has it, and whether it is covered. */
const focused = (page) =>
  page.evaluate(async () => {
    // Once it has been drawn.
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const it = document.activeElement;
    if (!it || it === document.body) return null;
    const { outlineStyle, outlineWidth } = getComputedStyle(it);
    const box = it.getBoundingClientRect();
    const over = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return {
      name: it.getAttribute('aria-label') ?? it.textContent?.trim().slice(0, 60) ?? '',
      isSeen: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
      // The field of the search shows its caret and the line below it.
      isField: it instanceof HTMLInputElement,
      isCovered: over !== null && !it.contains(over) && !over.contains(it),
    };
  });

async function walk(page, url, path) {
  await page.goto(`${url}${path}`);
  await page.locator('h1').first().waitFor();
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => document.activeElement?.blur());
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    // Past the last stop the browser's own bar has it.
    if (!at) return;
    if (!at.isSeen && !at.isField)
      throw new Error(`${path}: one does not see the keyboard at "${at.name}"`);
    if (at.isCovered) throw new Error(`${path}: "${at.name}" has the keyboard and is covered`);
  }
  throw new Error(`${path}: more than ${MOST_STOPS} stops of the Tab key`);
}

async function everyPage(page, { url }) {
  await page.setViewportSize({ width: 1440, height: 900 });
  for (const path of PAGES) await walk(page, url, path);
}

async function playByKeys(page, { url }) {
  await page.goto(`${url}/tracks`);
  await page.getByRole('button', { name: 'Play Long' }).waitFor();
  await page.getByRole('button', { name: 'Play Long' }).focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  const { name } = await focused(page);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Pause' }).filter({ visible: true }).first().waitFor();
  const playing = await page
    .locator('section button[aria-label*="Now playing"]')
    .getAttribute('aria-label');
  if (!playing.includes(name.replace('Play ', ''))) throw new Error(`${playing}, not ${name}`);
}

/** Opens something by a key, and expects the keyboard back where it was after Escape. */
async function comesBack(page, opener, dialog) {
  await opener.focus();
  await page.keyboard.press('Enter');
  await dialog.waitFor();
  await page.keyboard.press('Tab');
  const isInside = await dialog.evaluate((box) => box.contains(document.activeElement));
  if (!isInside) throw new Error('the keyboard is not in what has opened');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  // It is given back a moment after the dialog has gone.
  await until('the keyboard came back', () =>
    opener.evaluate((button) => button === document.activeElement),
  );
}

async function dialogs(page) {
  const badge = page.getByTestId('quality-badge').filter({ visible: true });
  await comesBack(page, badge, page.getByRole('dialog', { name: 'Quality' }));
  const open = page.locator('section button[aria-label*="Now playing"]');
  await comesBack(page, open, page.getByRole('dialog', { name: 'Player' }));
  const more = page.getByRole('button', { name: 'More for Long' });
  await comesBack(page, more, page.getByRole('menu'));
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await page.keyboard.press('Escape');
}

export const keyboard = [
  ['every page by the Tab key', everyPage],
  ['play by keys', playByKeys],
  ['dialogs by keys', dialogs],
];
