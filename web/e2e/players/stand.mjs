// What every script with other people's players needs: their page, our library, and a browser.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { stopAll } from '../playback/processes.mjs';
import { ignoreLoad, openWorld, prepareLibrary } from '../playback/world.mjs';
import { servePlayers } from './page.mjs';

const ARGS = ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'];

function options(script) {
  const { values } = parseArgs({
    options: {
      quicksync: { type: 'string' },
      relay: { type: 'string' },
      chromium: { type: 'string', default: '/usr/bin/chromium' },
      only: { type: 'string', default: '' },
    },
  });
  if (!values.quicksync || !values.relay) {
    console.error(`usage: ${script}.mjs --quicksync BIN --relay BIN [--only WORDS]`);
    process.exit(2);
  }
  return values;
}

/**
 * Runs a script to its end, and the process with it. `use` is given the stage: `open` opens a world of
 * some plan, `each` does something with all of a list whose words were asked for, one after another.
 */
export async function stand(script, use) {
  const { only, ...values } = options(script);
  const programs = { quicksync: resolve(values.quicksync), relay: resolve(values.relay) };
  const place = mkdtempSync(join(tmpdir(), `quicksync-${script}-`));
  const worlds = [];
  let [failed, browser, page] = [0, null, null];
  try {
    page = await servePlayers(join(place, 'page'));
    const { origin: pageOrigin } = page;
    const library = await prepareLibrary(place, programs);
    browser = await chromium.launch({
      executablePath: values.chromium,
      headless: true,
      args: ARGS,
    });
    const open = async (name, plan) => {
      const world = await openWorld({ programs, library, place, name, plan, pageOrigin });
      worlds.push(world);
      await ignoreLoad(world);
      return world;
    };
    const each = async (list, words, once) => {
      for (const one of list.filter((some) => words(some).includes(only))) {
        const { ok, figures } = await once(one);
        if (!ok) failed += 1;
        console.log(`${ok ? 'ok  ' : 'FAIL'} ${words(one)} ${JSON.stringify(figures)}`);
      }
    };
    await use({ browser, programs, place, pageOrigin, open, each });
  } catch (error) {
    failed += 1;
    console.error(error);
  } finally {
    await browser?.close();
    await Promise.all(worlds.map((world) => world.close()));
    page?.close();
    await stopAll();
    rmSync(place, { recursive: true, force: true });
  }
  process.exit(failed === 0 ? 0 : 1);
}
