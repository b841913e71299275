// A listener's first minutes with the app, in a real browser against a running server.
//
//   QUICKSYNC_URL=http://127.0.0.1:4040 QUICKSYNC_USER=ada QUICKSYNC_PASSWORD=... node web/e2e/app.mjs
//
// Set QUICKSYNC_SETUP to the secret of the set-up link to make the user first, and SHOTS to a folder
// to keep a picture of every step.

import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { steps } from './app/steps.mjs';

const { env } = process;
const setting = (name) => {
  const value = env[name];
  if (value) return value;
  console.error(`app.mjs needs ${name}`);
  process.exit(2);
};
const listener = {
  url: setting('QUICKSYNC_URL').replace(/\/$/, ''),
  name: setting('QUICKSYNC_USER'),
  password: setting('QUICKSYNC_PASSWORD'),
  setup: env['QUICKSYNC_SETUP'],
};

const browser = await chromium.launch({
  executablePath: env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
const wrong = [];
page.on('pageerror', (error) => wrong.push(`the page threw: ${error.message}`));
page.on('console', (message) => {
  // A policy violation is an error of ours; an answer of 401 before the login is not.
  if (message.type() === 'error' && /Content Security Policy/.test(message.text())) {
    wrong.push(message.text());
  }
});

let failed = null;
for (const [name, step] of steps) {
  try {
    await step(page, listener);
    console.log(`ok    ${name}`);
  } catch (error) {
    failed = name;
    console.log(`FAIL  ${name}: ${error.message}`);
  }
  if (env['SHOTS']) {
    await page.screenshot({ path: join(env['SHOTS'], `${name.replaceAll(' ', '-')}.png`) });
  }
  if (failed) break;
}
await browser.close();
for (const complaint of wrong) console.log(`FAIL  ${complaint}`);
process.exit(failed || wrong.length > 0 ? 1 : 0);
