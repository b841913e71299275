// A newer build of the app, put up while music plays: the page goes on as it is, of one build throughout,
// and takes the newer one when the listener lets it.

import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '../playback/processes.mjs';
import { openFront } from './front.mjs';

const APP = fileURLToPath(new URL('../../app/', import.meta.url));
const PRECACHE = fileURLToPath(new URL('../../scripts/precache.mjs', import.meta.url));
const MARK = 'globalThis.isSecondBuild = true;';

/** The same app with every script under another name, as a change of each would give. */
function secondBuild(folder) {
  const assets = join(folder, 'assets');
  const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'));
  const renamed = (text) =>
    scripts.reduce((now, name) => now.replaceAll(name, name.replace(/\.js$/, '2.js')), text);
  const page = join(folder, 'index.html');
  const [, entry] = /src="\.\/assets\/(index-[^"]+\.js)"/.exec(readFileSync(page, 'utf8'));
  for (const name of scripts) {
    const path = join(assets, name);
    const mark = name === entry ? `\n${MARK}\n` : '';
    writeFileSync(path, renamed(readFileSync(path, 'utf8')) + mark);
    renameSync(path, path.replace(/\.js$/, '2.js'));
  }
  writeFileSync(page, renamed(readFileSync(page, 'utf8')));
  execFileSync(process.execPath, [PRECACHE, folder], { cwd: APP });
}

const seek = (page) => page.getByRole('slider', { name: 'Position in the track' }).first();
const secondsOf = async (page) => {
  const [, minutes, seconds] = /^(\d+):(\d+)/.exec(await seek(page).getAttribute('aria-valuetext'));
  return 60 * minutes + Number(seconds);
};
const movesOn = async (page) => {
  const from = await secondsOf(page);
  await until('the sound to move on', async () => (await secondsOf(page)) > from);
};

/** What a page of either build has, and what the browser keeps of the app. */
const lookAt = (page) =>
  page.evaluate(async () => ({
    isSame: globalThis.isThisPage === true,
    isSecond: globalThis.isSecondBuild === true,
    shells: (await caches.keys()).filter((name) => name.startsWith('quicksync-shell-')).length,
    scripts: performance
      .getEntriesByType('resource')
      .map(({ name }) => new URL(name).pathname)
      .filter((name) => /^\/assets\/.*\.js$/.test(name)),
  }));

async function begin(page, url) {
  await page.goto(`${url}/tracks`);
  const isInCharge = () => page.evaluate(() => navigator.serviceWorker.controller !== null);
  // A browser gives an installation up when one file does not come, and tries again at the next visit.
  await until('the service worker to be in charge', isInCharge, 40_000).catch(() => page.reload());
  await until('the service worker to be in charge', isInCharge, 120_000);
  await page.evaluate(() => (globalThis.isThisPage = true));
  await page.getByRole('button', { name: 'Play Long' }).click();
  await seek(page).waitFor();
  await movesOn(page);
}

function expectSame({ isSame, isSecond }, when) {
  if (!isSame || isSecond) throw new Error(`the page was loaded anew ${when}`);
}

async function newerBuild(_, { url, inContext }) {
  const place = mkdtempSync(join(tmpdir(), 'quicksync-builds-'));
  const [first, second] = [join(place, 'first'), join(place, 'second')];
  for (const folder of [first, second]) cpSync(join(APP, 'dist'), folder, { recursive: true });
  secondBuild(second);
  const front = await openFront(first, url);
  const how = { viewport: { width: 1440, height: 900 }, serviceWorkers: 'allow' };
  try {
    await inContext(how, async (page) => {
      await begin(page, front.url);
      front.deploy(second);
      // As when one comes back to the page.
      await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
      const wait = page.getByRole('button', { name: 'Load it when the music pauses' });
      await wait.waitFor({ timeout: 120_000 });
      // Code of the first build that was not needed before: the server does not have it any more.
      await page.getByRole('link', { name: 'Settings' }).first().click();
      await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
      expectSame(await lookAt(page), 'when the newer build was found');
      await wait.click();
      await movesOn(page);
      expectSame(await lookAt(page), 'while music played');
      await page.locator('section').getByRole('button', { name: 'Pause' }).first().click();
      // While the page is loaded anew there is nothing to ask.
      const isSecond = () =>
        page.evaluate(() => globalThis.isSecondBuild === true).catch(() => false);
      await until('the newer build to be loaded', isSecond, 120_000);
      await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
      const { scripts, shells } = await lookAt(page);
      const old = scripts.filter((name) => !name.endsWith('2.js'));
      if (old.length > 0) throw new Error(`of the first build: ${old}`);
      if (shells !== 1) throw new Error(`${shells} builds are kept`);
      await page.getByRole('button', { name: 'Play', exact: true }).first().click();
      await movesOn(page);
    });
  } finally {
    front.close();
    rmSync(place, { recursive: true, force: true });
  }
}

export const update = [['a newer build while music plays', newerBuild]];
