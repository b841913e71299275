// A listener's first minutes with the app, in a real browser against a server of its own; then every
// page on its own, in both lights, wide and narrow, checked against WCAG 2.2 AA.
//
//   node web/e2e/app.mjs --quicksync BIN [--shots DIR]

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { pages } from './app/pages.mjs';
import { steps } from './app/steps.mjs';
import { openHouse } from './app/house.mjs';
import { stopAll } from './playback/processes.mjs';

const { values } = parseArgs({
  options: {
    quicksync: { type: 'string' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    shots: { type: 'string' },
  },
});
if (!values.quicksync) {
  console.error('usage: app.mjs --quicksync BIN [--shots DIR]');
  process.exit(2);
}
if (values.shots) mkdirSync(values.shots, { recursive: true });
const place = mkdtempSync(join(tmpdir(), 'quicksync-app-'));

const wrong = [];
function watch(page) {
  page.on('pageerror', (error) => wrong.push(`the page threw: ${error.message}`));
  page.on('console', (message) => {
    // A policy violation is an error of ours; an answer of 401 before the login is not.
    if (message.type() === 'error' && /Content Security Policy/.test(message.text())) {
      wrong.push(message.text());
    }
  });
}

let browser = null;
try {
  const house = await openHouse(place, resolve(values.quicksync));
  browser = await chromium.launch({
    executablePath: values.chromium,
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
  });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
  watch(page);
  const shoot = async (name) => {
    if (values.shots) await page.screenshot({ path: join(values.shots, `${name}.png`) });
  };
  for (const [name, step] of [...steps, ...pages]) {
    try {
      await step(page, house, shoot);
      console.log(`ok    ${name}`);
    } catch (error) {
      wrong.push(`${name}: ${error.message}`);
      await shoot(`failed ${name}`);
      // The steps build on each other, the pages do not.
      if (steps.some(([one]) => one === name)) break;
    }
  }
} catch (error) {
  wrong.push(error.stack);
} finally {
  await browser?.close();
  await stopAll();
  rmSync(place, { recursive: true, force: true });
}
for (const complaint of wrong) console.log(`FAIL  ${complaint}`);
console.log(wrong.length === 0 ? 'app: all as it should be' : `app: ${wrong.length} failed`);
process.exit(wrong.length === 0 ? 0 : 1);
