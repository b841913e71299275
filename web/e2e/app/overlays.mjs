// What opens over a page, checked as the pages are.

import { violations } from './axe.mjs';

const VIEWS = [
  { width: 'desktop', viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  { width: 'phone', viewport: { width: 390, height: 844 }, colorScheme: 'light' },
];

const OPENED = [
  ['quality', (page) => page.getByTestId('quality-badge').filter({ visible: true }).click()],
  ['player', (page) => page.locator('section button[aria-label*="Now playing"]').click()],
  ['shortcuts', (page) => page.keyboard.press('?')],
  ['menu', (page) => page.getByRole('button', { name: 'More for Long' }).click()],
];

async function opened(page, { url }, shoot) {
  const wrong = [];
  for (const { width, viewport, colorScheme } of VIEWS) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto(`${url}/tracks`);
    await page.getByRole('button', { name: 'Play Long' }).click();
    for (const [name, open] of OPENED) {
      await open(page);
      await page.getByRole(name === 'menu' ? 'menu' : 'dialog').waitFor();
      await shoot(`opened ${name} ${width} ${colorScheme}`);
      for (const one of await violations(page)) wrong.push(`${name}, ${width}: ${one}`);
      await page.keyboard.press('Escape');
    }
  }
  if (wrong.length > 0) throw new Error(wrong.join('\n      '));
}

export const overlays = [['what opens over a page', opened]];
