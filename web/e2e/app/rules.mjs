// Steps: what a listener rules in the settings reaches the server, and from there the sound.

import { until } from '../playback/processes.mjs';

const PREFIX = '/api/audio/quick-sync';
const badgeOf = (page) => page.getByTestId('quality-badge').filter({ visible: true });

const statusOf = async (page, { url }) => {
  // As the page's device: figures and rules are a device's.
  const device = await page.evaluate(() => localStorage.getItem('quicksync.device'));
  const headers = { 'X-Quick-Sync-Device': device };
  return (await page.request.get(`${url}${PREFIX}/status/`, { headers })).json();
};

/** By a link of the page, so that the music goes on. */
async function openSettings(page, tab) {
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await page.getByRole('tab', { name: tab }).click();
}

async function capTheNetwork(page, house) {
  await openSettings(page, 'Network & data');
  const cap = page.getByLabel('Where the kind is not known');
  await cap.selectOption({ label: 'Up to Medium' });
  await page.getByText('up to medium, by your cap').waitFor();
  const { status } = await statusOf(page, house);
  if (status.quality.cap !== 'medium') throw new Error(`the status caps at ${status.quality.cap}`);
  // Said to be on another kind of network, where nothing caps it.
  await page.getByLabel('Kind of network').selectOption({ label: 'Ethernet' });
  await page.getByText('No cap is in force on this device now.').waitFor();
  const { network } = (await statusOf(page, house)).status;
  if (network.kind !== 'ethernet') throw new Error(`the server believes in ${network.kind}`);
  await cap.selectOption({ label: 'No limit' });
}

async function openRules(page) {
  await openSettings(page, 'Devices');
  await page
    .getByRole('button', { name: /^Rules of/ })
    .first()
    .click();
}

async function ruleThisDevice(page, house) {
  await openRules(page);
  const mode = page.locator('main').getByLabel('Quality', { exact: true });
  await mode.selectOption({ label: 'Low' });
  await page.getByText('Stands over yours: Auto').waitFor();
  const { device, preferences } = await statusOf(page, house);
  if (device.preferences.mode !== 'low' || preferences.mode !== 'auto') {
    throw new Error(`the device has ${device.preferences.mode}, its user ${preferences.mode}`);
  }
  // A page opened anew holds nothing yet: all that it fetches is low.
  await page.reload();
  const play = page.getByRole('button', { name: 'Play', exact: true });
  await play.filter({ visible: true }).first().click();
  await badgeOf(page).filter({ hasText: 'LOW · Opus 64' }).waitFor();
  await openRules(page);
  await page.getByRole('button', { name: 'Follow my settings in everything' }).click();
  await page.getByText('Follows your settings').first().waitFor();
}

async function testTheSpeed(page, { url }) {
  await openSettings(page, 'Speed & load');
  // On loopback the test may be over before anybody has looked: its first bytes wait for us.
  let go = null;
  const looked = new Promise((resolve) => (go = resolve));
  const hold = (route) => looked.then(() => route.continue());
  await page.route('**/probe/**', hold, { times: 1 });
  await page.getByRole('button', { name: 'Run the test' }).click();
  await page.getByRole('progressbar').waitFor({ state: 'attached' });
  go();
  await page.getByText('The server knows.').waitFor({ timeout: 60_000 });
  await until('the sample among the measurements', async () => {
    const { results } = await (await page.request.get(`${url}${PREFIX}/history/`)).json();
    return results.some(({ source }) => source === 'listener_probe');
  });
}

async function askWhatIf(page) {
  // Long enough that something of it is still to be fetched, however slow the machine is.
  await page.getByRole('link', { name: 'Tracks', exact: true }).first().click();
  await page.getByRole('button', { name: 'Play Long', exact: true }).click();
  await page.getByRole('link', { name: 'Playback', exact: true }).first().click();
  await page.getByRole('button', { name: 'Play it again' }).click();
  await page.getByText(/policies have played it again/).waitFor({ timeout: 60_000 });
  const rows = await page.getByRole('table').first().getByRole('row').count();
  if (rows < 10) throw new Error(`only ${rows} rows of policies`);
}

async function exportTheLog(page) {
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Decision log', exact: true }).click();
  const stream = await (await coming).createReadStream();
  let text = '';
  for await (const piece of stream) text += piece;
  if (!/^quicksync-decision-log \d+\n/.test(text)) throw new Error(`no log: ${text.slice(0, 80)}`);
  if (!/^> fetch /m.test(text)) throw new Error('a log without a decision');
}

export const rules = [
  ['cap a kind of network', capTheNetwork],
  ['rule one device', ruleThisDevice],
  ['test the speed', testTheSpeed],
  ['ask what if', askWhatIf],
  ['export the decision log', exportTheLog],
];
