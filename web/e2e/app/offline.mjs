// Music kept on the device: it plays with no network, and with no server. The last of all: it ends
// the server.

import { stop, until as waitFor } from '../playback/processes.mjs';

const KEPT = 'Second half';

async function keep(page, { url }) {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`${url}/tracks`);
  await page.getByRole('button', { name: `More for ${KEPT}` }).click();
  await page.getByRole('menuitem', { name: 'Keep offline' }).click();
  await page.goto(`${url}/offline`);
  await page.getByRole('heading', { name: 'On this device' }).waitFor({ timeout: 60_000 });
  // What the app itself needs is kept too.
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null, null, {
    timeout: 60_000,
  });
}

/** The page anew, with nobody to answer; then the kept track, from the start. */
async function playAnew(page, url) {
  await page.goto(`${url}/offline`);
  await page.getByText('The server cannot be reached.').first().waitFor();
  await page
    .locator('main')
    .getByRole('button', { name: `Play ${KEPT}` })
    .click();
  const seek = page.getByRole('slider', { name: 'Position in the track' }).first();
  await waitFor('the sound to go on', async () => {
    const text = await seek.getAttribute('aria-valuetext');
    return /^0:0[2-9]|^0:1/.test(text ?? '');
  });
}

async function withoutNetwork(page, { url }, shoot) {
  await page.context().setOffline(true);
  await playAnew(page, url);
  await shoot('without a network');
  await page.context().setOffline(false);
  await page.getByText('The server cannot be reached.').first().waitFor({ state: 'hidden' });
}

async function withoutServer(page, { url, server }, shoot) {
  await stop(server);
  await playAnew(page, url);
  await page.getByRole('link', { name: 'Albums' }).first().click();
  await page.getByRole('alert').waitFor();
  await shoot('without a server');
}

export const offline = [
  ['keep a track', keep],
  ['play without a network', withoutNetwork],
  ['play without a server', withoutServer],
];
