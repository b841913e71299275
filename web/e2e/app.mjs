// A listener's first minutes with the app, in a real browser against a server of its own; then every
// page on its own, in both lights, wide and narrow, checked against WCAG 2.2 AA; long lists, the
// keyboard alone, how soon the app is there, and music without a network and without a server.
//
//   node web/e2e/app.mjs --quicksync BIN [--shots DIR] [--only NAME]

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { figures } from './app/figures.mjs';
import { openHouse } from './app/house.mjs';
import { keyboard } from './app/keyboard.mjs';
import { lists } from './app/lists.mjs';
import { offline } from './app/offline.mjs';
import { overlays } from './app/overlays.mjs';
import { pages } from './app/pages.mjs';
import { steps } from './app/steps.mjs';
import { update } from './app/update.mjs';
import { stopAll } from './playback/processes.mjs';

const { values } = parseArgs({
  options: {
    quicksync: { type: 'string' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    shots: { type: 'string' },
    // Of what comes after the first steps, only what has one of these in its name, by commas.
    only: { type: 'string', default: '' },
  },
});
if (!values.quicksync) {
  console.error('usage: app.mjs --quicksync BIN [--shots DIR] [--only NAME]');
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
  /** A browser that was never here, but for the login. */
  house.inContext = async (how, work) => {
    const storageState = await page.context().storageState();
    const serviceWorkers = 'block';
    const context = await browser.newContext({
      storageState,
      serviceWorkers,
      locale: 'en-GB',
      ...how,
    });
    try {
      const fresh = await context.newPage();
      watch(fresh);
      await work(fresh);
    } finally {
      await context.close();
    }
  };
  const visits = [...pages, ...overlays, ...keyboard, ...lists, ...figures, ...update, ...offline];
  const parts = ['log in again', ...values.only.split(',')];
  const wanted = visits.filter(([name]) => parts.some((part) => name.includes(part)));
  for (const [name, step] of [...steps, ...wanted]) {
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
