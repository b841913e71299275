import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';

import { fakeServer } from '../../testing/fakeServer.ts';
import { renderPage } from '../../testing/render.tsx';
import { track } from '../../testing/samples.ts';
import { AnalyticsPage } from './AnalyticsPage.tsx';
import { SessionPage } from './SessionPage.tsx';

const PREFIX = '/api/audio/quick-sync';
const figures = {
  sessions: 3,
  heard_s: { low: 60, medium: 0, high: 0, ultra: 180 },
  listened_s: 240,
  stalls: 1,
  stalls_per_hour: 15,
  stalled_s: 2,
  switches: 4,
  startup_p50_ms: 420,
  startup_p95_ms: 1900,
  bytes: 5e6,
  saved_bytes: 4.6e6,
  wasted_bytes: 5e5,
  qoe: 0.9123,
};
const session = {
  id: 's1',
  device_id: 'd',
  track_id: 't1',
  player: 'quicksync-web 0.1',
  network_kind: 'cellular',
  started_at: 1.79e9,
  ended_at: 1.79e9 + 240,
  startup_ms: 420,
  stalls: 1,
  stalled_ms: 2000,
  switches: 4,
  abandons: 0,
  seeks: 0,
  heard_s: figures.heard_s,
  bytes: 5e6,
  wasted_bytes: 5e5,
  qoe: 0.91,
};

async function analytics(me: object, at = '/analytics', given: object = figures) {
  const server = fakeServer({
    'GET /api/auth/me/': () => ({ body: { id: 'a', name: 'ada', device_id: 'd', ...me } }),
    'GET /api/tracks/t1/': () => ({ body: track() }),
    [`GET ${PREFIX}/analytics/summary/`]: () => ({ body: given }),
    [`GET ${PREFIX}/analytics/series/`]: ({ url }) => ({
      body: {
        by: url.searchParams.get('by'),
        results: [{ key: url.searchParams.get('by') === 'day' ? '2026-11-29' : 'bob', ...figures }],
      },
    }),
    [`GET ${PREFIX}/devices/`]: () => ({ body: { count: 0, next: null, results: [] } }),
    [`GET ${PREFIX}/sessions/`]: () => ({ body: { results: [session] } }),
  });
  return { server, ...(await renderPage(AnalyticsPage, { at, route: '/analytics' })) };
}

test('says in a sentence and in numbers how it sounded', async () => {
  await analytics({ is_admin: false });
  await screen.findByText(/4 min of music with one stall, and 4.6.MB less data than ultra/);
  expect(screen.getByText('0.4 s / 1.9 s')).toBeTruthy();
  expect(screen.getByText('0.912')).toBeTruthy();
  expect(screen.getByText('25.0 %')).toBeTruthy();
  const row = await screen.findByRole('link', { name: /Northern Mountains/ });
  expect(row.getAttribute('href')).toBe('/analytics/sessions/s1');
  expect(screen.queryByRole('radio', { name: 'Everyone’s' })).toBeNull();
});

test('the time chosen is asked for and exported', async () => {
  const { server, user } = await analytics({ is_admin: false });
  await user.click(await screen.findByRole('radio', { name: '7 days' }));
  await screen.findByText(/4 min of music/);
  const asked = server.asked.filter(({ line }) => line.endsWith('/analytics/summary/'));
  expect(asked.map(({ query }) => query)).toEqual(['?days=30', '?days=7']);
  expect(screen.getByRole('link', { name: 'CSV' }).getAttribute('href')).toBe(
    `${PREFIX}/analytics/export/?days=7&format=csv`,
  );
});

test('an administrator sees everyone, by person, and nobody’s single sessions', async () => {
  const { server, user } = await analytics({ is_admin: true });
  await user.click(await screen.findByRole('radio', { name: 'Everyone’s' }));
  await user.click(await screen.findByRole('radio', { name: 'Person' }));
  await within(await screen.findByRole('table')).findByText('bob');
  expect(server.asked.at(-1)?.query).toBe('?days=30&everyone=true&by=user');
  expect(screen.queryByText('Playback sessions')).toBeNull();
});

test('without any listening the page teaches what will be here', async () => {
  await analytics({}, '/analytics?days=7', { ...figures, sessions: 0 });
  await screen.findByText('Nothing heard in 7 days');
  expect(screen.getByRole('link', { name: 'Play something' })).toBeTruthy();
});

test.each([
  [undefined, /Not reckoned yet/],
  [{ outcome: 'compared', distance_at_least: 0.0123, distance_at_most: 0.02 }, /0.012 and 0.020/],
  [
    { outcome: 'too_long', distance_at_least: null, distance_at_most: null },
    /more than 16 minutes/,
  ],
])('a session tells what happened, why, and how far the optimum is', async (hindsight, said) => {
  const log = '> fetch 1 0 low first 64 # Starting at low\n';
  const events = [{ type: 'stall', at: 1.79e9 + 9, detail: { duration_ms: 2000 } }];
  fakeServer({
    'GET /api/tracks/t1/': () => ({ body: track() }),
    [`GET ${PREFIX}/sessions/s1/`]: () => ({
      body: { ...session, events, decision_log: log, ...(hindsight ? { hindsight } : {}) },
    }),
  });
  const at = '/analytics/sessions/s1';
  await renderPage(SessionPage, { at, route: '/analytics/sessions/$id' });
  await screen.findByText('Stalled for 2.0 s');
  expect(screen.getByText('Starting at low')).toBeTruthy();
  expect(screen.getByText(said)).toBeTruthy();
});
