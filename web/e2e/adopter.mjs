// Installs our packed packages in an app of its own outside this repository, and plays with it in a
// real browser: from another origin than the server's, with a token, and with sound.
//
//   node web/e2e/adopter.mjs --quicksync BIN --relay BIN

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { pack } from '../scripts/pack.mjs';
import { buildApp } from './adopter/app.mjs';
import { createChecks } from './playback/check.mjs';
import { stopAll, until } from './playback/processes.mjs';
import { serveFolder } from './playback/serve.mjs';
import { openWorld, prepareLibrary } from './playback/world.mjs';

const PLAN = '3600:20000';
/** Of the tone, 0.1 times the root of a half, less what fading and codecs take. */
const LOUD = 0.05;
const PLAYED_S = 4;

/** Keeps every audio element that the page makes, and listens to the last. */
function listenIn() {
  const elements = [];
  globalThis.Audio = class extends Audio {
    constructor(...given) {
      super(...given);
      elements.push(this);
    }
  };
  globalThis.position = () => elements.at(-1)?.currentTime ?? 0;
  globalThis.loudness = async () => {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context
      .createMediaElementSource(elements.at(-1))
      .connect(analyser)
      .connect(context.destination);
    await context.resume();
    await new Promise((done) => void setTimeout(done, 500));
    const samples = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(samples);
    return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
  };
}

async function play(browser, origin, world, checks) {
  const page = await browser.newPage();
  const [said, segments] = [[], []];
  page.on('console', (message) => message.type() === 'error' && said.push(message.text()));
  page.on('pageerror', (error) => said.push(String(error)));
  page.on('response', async (response) => {
    if (!response.ok()) {
      const [why, sent] = [await response.text().catch(String), response.request().postData()];
      said.push(`${response.status()} ${response.url()}: ${why}; sent ${sent}`);
    }
    if (response.url().includes('/segments/')) segments.push(response);
  });
  await page.addInitScript(listenIn);
  await page.goto(`${origin}/#${new URLSearchParams({ server: world.base, token: world.token })}`);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  const at = () => page.evaluate(() => globalThis.position());
  await until('the sound runs', async () => (await at()) > PLAYED_S);
  const loudness = await page.evaluate(() => globalThis.loudness());
  checks.check('it is the tone that sounds', loudness > LOUD, loudness);
  const badge = await page.locator('.qsp-badge').textContent();
  checks.check('the badge says how well', badge.endsWith('kbps · chosen for you'), badge);
  const foreign = segments.filter((one) => new URL(one.url()).origin === world.base);
  checks.check('segments come from the other origin', foreign.length > 1, foreign.length);
  await page.keyboard.press('m');
  await page.getByRole('button', { name: 'Unmute' }).waitFor();
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  checks.check('nothing is said on the console', said.length === 0, said);
}

const { values } = parseArgs({
  options: {
    quicksync: { type: 'string' },
    relay: { type: 'string' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
});
if (!values.quicksync || !values.relay) {
  console.error('usage: adopter.mjs --quicksync BIN --relay BIN');
  process.exit(2);
}
const programs = { quicksync: resolve(values.quicksync), relay: resolve(values.relay) };
const place = mkdtempSync(join(tmpdir(), 'quicksync-adopter-'));
const checks = createChecks();
let [page, browser, world] = [null, null, null];
try {
  const tarballs = pack(join(place, 'packed'));
  page = await serveFolder(await buildApp(join(place, 'app'), tarballs));
  const library = await prepareLibrary(place, programs);
  const pageOrigin = page.origin;
  world = await openWorld({ programs, library, place, name: 'adopter', plan: PLAN, pageOrigin });
  browser = await chromium.launch({ executablePath: values.chromium, args: ['--no-sandbox'] });
  await play(browser, pageOrigin, world, checks);
} catch (error) {
  checks.check('it plays', false, String(error?.stack ?? error));
} finally {
  await browser?.close();
  await world?.close();
  page?.close();
  await stopAll();
  rmSync(place, { recursive: true, force: true });
}
for (const { what, ok, got } of checks.results) {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${what}${ok ? '' : `: ${JSON.stringify(got)}`}`);
}
process.exit(checks.results.every(({ ok }) => ok) ? 0 : 1);
