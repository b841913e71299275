// Plays through our player in a real browser, over a network that a relay shapes, and listens.
//
//   node web/e2e/playback.mjs --quicksync BIN --relay BIN [--only REGEXP] [--keep DIR]

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { launchAlone } from './playback/alone.mjs';
import { servePage } from './playback/page.mjs';
import { stopAll } from './playback/processes.mjs';
import { losses } from './playback/scenarios/losses.mjs';
import { network } from './playback/scenarios/network.mjs';
import { queue } from './playback/scenarios/queue.mjs';
import { reports } from './playback/scenarios/reports.mjs';
import { recovery } from './playback/scenarios/recovery.mjs';
import { settings } from './playback/scenarios/settings.mjs';
import { sleep } from './playback/scenarios/sleep.mjs';
import { standIn } from './playback/scenarios/standIn.mjs';
import { playScenario } from './playback/stage.mjs';
import { show } from './playback/table.mjs';
import { ALBUM, PAIR, SOFT, TRACKS } from './playback/tones.mjs';
import { prepareLibrary } from './playback/world.mjs';

/** At once: more of them on two processors make stalls that no listener has. */
const LANES = 2;
const ARGS = ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'];

const { values } = parseArgs({
  options: {
    quicksync: { type: 'string' },
    relay: { type: 'string' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    only: { type: 'string', default: '' },
    keep: { type: 'string' },
  },
});
if (!values.quicksync || !values.relay) {
  console.error('usage: playback.mjs --quicksync BIN --relay BIN [--only REGEXP] [--keep DIR]');
  process.exit(2);
}

// A folder of an earlier run would be no fresh start.
if (values.keep) rmSync(values.keep, { recursive: true, force: true });
const place = values.keep
  ? resolve(values.keep)
  : mkdtempSync(join(tmpdir(), 'quicksync-playback-'));
mkdirSync(place, { recursive: true });
const programs = { quicksync: resolve(values.quicksync), relay: resolve(values.relay) };
// The two long ones first, side by side.
const first = [...network, ...queue, ...losses, ...recovery];
const waiting = [...first, ...sleep, ...standIn, ...reports, ...settings].filter(({ name }) =>
  new RegExp(values.only).test(name),
);
let failed = 0;

async function lane(stage) {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { ok, text } = show(await playScenario(next, stage));
    if (!ok) failed += 1;
    console.log(text);
  }
}

let page = null;
let browser = null;
try {
  page = await servePage(join(place, 'page'));
  const library = await prepareLibrary(place, programs, [...TRACKS, ...ALBUM, ...PAIR, ...SOFT]);
  const executablePath = values.chromium;
  browser = await chromium.launch({ executablePath, headless: true, args: ARGS });
  const launch = () => launchAlone({ executablePath, args: ARGS });
  const stage = { browser, launch, programs, library, place, origin: page.origin };
  await Promise.all(Array.from({ length: LANES }, () => lane(stage)));
} catch (error) {
  failed += 1;
  console.error(error);
} finally {
  await browser?.close();
  page?.close();
  await stopAll();
  if (!values.keep) rmSync(place, { recursive: true, force: true });
}
console.log(failed === 0 ? 'playback: all as it should be' : `playback: ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
