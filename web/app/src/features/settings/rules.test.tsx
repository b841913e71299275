// Every control reaches the server, and what follows from it is shown.

import { screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';

import { Downloads } from '../../offline/downloads.ts';
import { declaredNetwork } from '../../playback/network.ts';
import { deviceBody, rulesBody, statusAnswer } from '../../testing/advice.ts';
import { fakeServer, problemBody } from '../../testing/fakeServer.ts';
import { fakeShelf } from '../../testing/fakeShelf.ts';
import { renderPage } from '../../testing/render.tsx';
import { SettingsPage } from './SettingsPage.tsx';

const PREFIX = '/api/audio/quick-sync';
const me = { id: 'b', name: 'bob', is_admin: false, created_at: 2, device_id: 'd' };
const listOf = (...results: object[]) => ({ count: results.length, next: null, results });

type Body = Record<string, Record<string, unknown>>;

async function settings(
  tab: string,
  answers: Parameters<typeof fakeServer>[0] = {},
  more: { downloads?: Downloads } = {},
) {
  let [rules, device] = [rulesBody(), deviceBody() as unknown as Body];
  let said: Record<string, unknown> = {};
  const server = fakeServer({
    'GET /api/auth/me/': () => ({ body: me }),
    [`GET ${PREFIX}/status/`]: ({ url }) => {
      const { searchParams } = url;
      if (searchParams.has('metered'))
        said = { is_metered: searchParams.get('metered') === 'true' };
      const quality = rules.caps.unknown ? { cap: rules.caps.unknown, cap_reason: 'network' } : {};
      return { body: statusAnswer({ quality, network: said }) };
    },
    [`GET ${PREFIX}/rules/`]: () => ({ body: rules }),
    [`PATCH ${PREFIX}/rules/`]: ({ body }) => {
      const { caps, ...rest } = body as Body;
      rules = { ...rules, ...rest, caps: { ...rules.caps, ...caps } };
      return { body: rules };
    },
    [`GET ${PREFIX}/devices/`]: () => ({ body: listOf(device) }),
    [`PATCH ${PREFIX}/devices/d/`]: ({ body }) => {
      const { caps, overrides, ...rest } = body as Body;
      device = {
        ...device,
        ...rest,
        caps: { ...device['caps'], ...caps },
        overrides: { ...device['overrides'], ...overrides },
      };
      return { body: device };
    },
    [`GET ${PREFIX}/budget/`]: () => ({
      body: {
        month: device['budget'] && {
          ...device['budget'],
          left_bytes: 1.5e9,
          used_bytes: 5e8,
          affordable_kbps: 200,
          cap: 'medium',
          began_at: 1.79e9,
          ends_at: 1.7925e9,
        },
        usage: [],
      },
    }),
    ...answers,
  });
  const view = await renderPage(SettingsPage, {
    at: `/settings?tab=${tab}`,
    route: '/settings',
    ...more,
  });
  const sent = (line: string) => server.asked.findLast((asked) => asked.line === line)?.body;
  return { server, sent, ...view };
}

test('a cap is sent, and what it brings into force is said', async () => {
  const { user, sent } = await settings('network');
  await screen.findByText('No cap is in force on this device now.');
  const select = screen.getByLabelText('Where the kind is not known');
  await user.selectOptions(select, 'Up to Medium');
  expect(sent(`PATCH ${PREFIX}/rules/`)).toEqual({ caps: { unknown: 'medium' } });
  await screen.findByText(/Now in force on this device: up to medium/);
  await user.selectOptions(select, 'No limit');
  expect(sent(`PATCH ${PREFIX}/rules/`)).toEqual({ caps: { unknown: null } });
});

test('what the listener says of the network reaches the server and stays', async () => {
  const { server, user, player } = await settings('network');
  await user.click(await screen.findByRole('switch', { name: 'Data costs money here' }));
  await vi.waitFor(() =>
    expect(screen.getByRole('switch', { name: 'Data costs money here' })).toHaveProperty(
      'checked',
      true,
    ),
  );
  await user.selectOptions(screen.getByLabelText('Kind of network'), 'Cellular');
  expect(server.asked.some(({ query }) => query === '?network_kind=cellular')).toBe(true);
  expect(player.calls.filter(([name]) => name === 'declareNetwork')).toEqual([
    ['declareNetwork', { metered: true }],
    ['declareNetwork', { kind: 'cellular' }],
  ]);
  expect(declaredNetwork()).toEqual({ metered: true, kind: 'cellular' });
});

test('a month’s data is set, shown and taken back', async () => {
  const { user, sent } = await settings('network');
  const button = await screen.findByRole('button', { name: 'Set a budget' });
  await vi.waitFor(() => expect(button).toHaveProperty('disabled', false));
  await user.type(screen.getByLabelText('Gigabytes a month'), '2');
  await user.click(button);
  const line = `PATCH ${PREFIX}/devices/d/`;
  expect(sent(line)).toEqual({
    budget: { monthly_bytes: 2e9, starts_on_day: 1, counts: 'metered' },
  });
  const meter = await screen.findByRole('meter', { name: 'Used this month' });
  expect(meter.getAttribute('aria-valuetext')).toBe('0\u00a0kB of 2\u00a0GB, 2\u00a0GB left');
  expect(screen.getByText(/Quality is held at medium now/)).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'No budget' }));
  await screen.findByRole('button', { name: 'Set a budget' });
  expect(sent(line)).toEqual({ budget: null });
});

test('leaning to stability is the documented preference', async () => {
  const { user, sent } = await settings('network', {
    [`POST ${PREFIX}/preferences/`]: ({ body }) => ({
      body: { ...statusAnswer().preferences, ...(body as object) },
    }),
  });
  await user.click(await screen.findByRole('radio', { name: 'Stability first' }));
  await vi.waitFor(() =>
    expect(sent(`POST ${PREFIX}/preferences/`)).toEqual({ prefer_quality: false }),
  );
  await screen.findByText(/Stays where it is steady/);
});

test('a device has rules of its own, which say what they stand over', async () => {
  const { user, sent } = await settings('devices');
  await user.click(await screen.findByRole('button', { name: 'Rules of Firefox on Linux' }));
  const line = `PATCH ${PREFIX}/devices/d/`;
  await user.selectOptions(await screen.findByLabelText('Quality'), 'Low');
  expect(sent(line)).toEqual({ overrides: { mode: 'low' } });
  await screen.findByText('Stands over yours: Auto');
  await screen.findByText('1 rule of its own');
  await user.selectOptions(screen.getByLabelText('On cellular'), 'Up to Low');
  expect(sent(line)).toEqual({ caps: { cellular: 'low' } });
  await screen.findByText('2 rules of its own');
  await user.click(screen.getByRole('button', { name: 'Follow my settings in everything' }));
  await screen.findByText('Follows your settings');
});

test('files and offline copies have a quality each', async () => {
  const { user, sent } = await settings('downloads');
  await user.selectOptions(await screen.findByLabelText('Files to keep'), 'Ultra');
  expect(sent(`PATCH ${PREFIX}/rules/`)).toEqual({ download_quality: 'ultra' });
  await user.selectOptions(screen.getByLabelText('Copies for listening offline'), 'Low');
  expect(sent(`PATCH ${PREFIX}/rules/`)).toEqual({ offline_quality: 'low' });
});

test('a refusal is shown, and the rule stays what it was', async () => {
  const { user } = await settings('network', {
    [`PATCH ${PREFIX}/rules/`]: () => problemBody(507, 'disk_full', 'The disk is full.'),
  });
  const select = await screen.findByLabelText('On Wi-Fi');
  await user.selectOptions(select, 'Up to Low');
  await screen.findByText('The disk is full.');
  expect(select).toHaveProperty('value', 'none');
});

test('a busy server says by what, in words, and whether it lowers anything', async () => {
  const system = {
    cpu_percent: 96,
    background_cpu_percent: 3,
    status: 'high_load',
    load_cause: 'cpu',
  };
  await settings('speed', {
    [`GET ${PREFIX}/status/`]: () => ({ body: statusAnswer({ system }) }),
    [`GET ${PREFIX}/history/`]: () => ({ body: { results: [], hours: [] } }),
  });
  await screen.findByText('High load, by its processor: quality is a step lower.');
  const meter = screen.getByRole('meter', { name: 'Processor' });
  expect(meter.getAttribute('aria-valuetext')).toMatch(/96.%, high above 80.%/);
  screen.getByText(/such as reading new music, takes 3 % of the processor and gives way/);
});

test('the server’s test lists every target with its past', async () => {
  const target = {
    url: 'https://cdn.test/1mb',
    speed_mbps: 4.2,
    bytes: 1e6,
    error: null,
    history: [
      { measured_at: 2, speed_mbps: 4.2, error: null },
      { measured_at: 1, speed_mbps: null, error: 'no answer' },
    ],
  };
  const { user } = await settings('speed', {
    [`GET ${PREFIX}/history/`]: () => ({ body: { results: [], hours: [] } }),
    [`POST ${PREFIX}/test/`]: () => ({
      body: { network_speed_mbps: 4.2, source: 'server_probe', targets: [target] },
    }),
  });
  await user.click(await screen.findByRole('button', { name: 'Test the server’s connection' }));
  const row = (await screen.findByText('https://cdn.test/1mb')).closest('li')!;
  expect(within(row).getByText('4.2 Mbps')).toBeTruthy();
  expect(within(row).getByText('Before, oldest first: failed, 4.2 Mbps')).toBeTruthy();
});

test('the room that kept music takes is shown, and given back after a question', async () => {
  const shelf = fakeShelf();
  shelf.put({ track: { id: 'a', title: 'Song' } });
  const downloads = new Downloads(Promise.resolve(shelf));
  const { user } = await settings('downloads', {}, { downloads });
  await screen.findByText(/^1 track, /);
  const meter = screen.getByRole('meter', { name: 'Room of this browser' });
  expect(meter.getAttribute('aria-valuetext')).toMatch(/^2.GB of 10.GB used/);
  const asked = vi.fn(() => false);
  vi.stubGlobal('confirm', asked);
  const clear = screen.getByRole('button', { name: 'Remove all of it' });
  await user.click(clear);
  expect(downloads.find('a')).toBeDefined();
  asked.mockReturnValue(true);
  await user.click(clear);
  await screen.findByText(/^0 tracks, /);
  expect(await shelf.list()).toEqual([]);
  vi.unstubAllGlobals();
});
