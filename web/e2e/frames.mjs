// How smooth the playback page is while music plays and its charts move ten times a second: the time
// between frames, and how much of each second the page's main thread was busy. Figures, no verdict:
// they are this machine's.
//
//   node web/e2e/frames.mjs --quicksync BIN [--seconds 20] [--seeks 150]
//
// The seeks come first and fill the history: each fetches a segment or more.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { openHouse } from './app/house.mjs';
import { steps } from './app/steps.mjs';
import { pause, stopAll } from './playback/processes.mjs';

const { values } = parseArgs({
  options: {
    quicksync: { type: 'string' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    seconds: { type: 'string', default: '20' },
    seeks: { type: 'string', default: '150' },
  },
});
if (!values.quicksync) {
  console.error('usage: frames.mjs --quicksync BIN [--seconds 20] [--seeks 150]');
  process.exit(2);
}

/** Frame times of the page in milliseconds, and what its main thread did meanwhile. */
async function watch(page, devtools, seconds) {
  const busy = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    const of = (name) => metrics.find((metric) => metric.name === name)?.value ?? 0;
    return { task: of('TaskDuration'), script: of('ScriptDuration'), at: of('Timestamp') };
  };
  const before = await busy();
  const frames = await page.evaluate(
    (ms) =>
      new Promise((done) => {
        const times = [];
        const began = performance.now();
        let last = began;
        const frame = (now) => {
          times.push(now - last);
          last = now;
          if (now - began < ms) requestAnimationFrame(frame);
          else done(times.slice(1));
        };
        requestAnimationFrame(frame);
      }),
    seconds * 1e3,
  );
  const after = await busy();
  const share = (name) => (after[name] - before[name]) / (after.at - before.at);
  return { frames: frames.sort((a, b) => a - b), task: share('task'), script: share('script') };
}

const place = mkdtempSync(join(tmpdir(), 'quicksync-frames-'));
let browser = null;
try {
  const house = await openHouse(place, resolve(values.quicksync));
  browser = await chromium.launch({
    executablePath: values.chromium,
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
  });
  const page = await browser.newPage({ viewport: { width: 1440, height: 1400 }, locale: 'en-GB' });
  for (const [, step] of steps.slice(0, 2)) await step(page, house);
  const seek = page.getByRole('slider', { name: 'Position in the track' }).first();
  for (let i = 0; i < Number(values.seeks); i += 1) {
    await seek.focus();
    await page.keyboard.press(i % 40 < 20 ? 'PageUp' : 'PageDown');
    await pause(60);
  }
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  const seconds = Number(values.seconds);
  const rows = [
    ['queue', '/queue', 'Queue'],
    ['playback', '/stats', 'Playback'],
  ];
  console.log('page      frames  median   p95    p99    worst ms   main thread  script');
  for (const [name, path, title] of rows) {
    // By a link, so that the music goes on.
    await page.locator(`a[href$="${path}"]`).first().click();
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    await pause(1_000);
    const { frames, task, script } = await watch(page, devtools, seconds);
    const of = (part) => frames[Math.min(frames.length - 1, Math.floor(frames.length * part))];
    const ms = [0.5, 0.95, 0.99, 1].map((part) => of(part).toFixed(1).padStart(6));
    const percent = (part) => `${(part * 100).toFixed(1)} %`.padStart(8);
    console.log(
      `${name.padEnd(9)} ${String(frames.length).padStart(6)}  ${ms.join(' ')}     ${percent(task)}     ${percent(script)}`,
    );
  }
} finally {
  await browser?.close();
  await stopAll();
  rmSync(place, { recursive: true, force: true });
}
