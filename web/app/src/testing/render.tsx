// Renders a component as a page of the app: with queries, a router that knows the app's addresses,
// a fake player and a fake server.

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { QuickSyncProvider } from '@quicksync/react';
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from '@tanstack/react-router';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';

import { Downloads } from '../offline/downloads.ts';
import { OfflineProvider } from '../offline/OfflineContext.tsx';
import { PlayerProvider } from '../playback/PlayerContext.tsx';
import { fakePlayer, type FakePlayer } from './fakePlayer.ts';

interface Setting {
  /** The address the page opens at. */
  readonly at?: string;
  /** The route it belongs to. */
  readonly route?: string;
  readonly player?: FakePlayer;
  readonly downloads?: Downloads;
}

/** As in a browser that keeps nothing. */
const noDownloads = () => new Downloads(Promise.reject(new Error('nothing is kept here')));

export async function renderPage(Page: () => ReactNode, setting: Setting = {}) {
  const { at = '/', route = '/', player = fakePlayer(), downloads = noDownloads() } = setting;
  const root = createRootRoute({ component: Outlet });
  const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Outlet });
  const isInside = route !== '/login' && route !== '/setup';
  const page = createRoute({
    getParentRoute: () => (isInside ? shell : root),
    path: route,
    component: Page,
  });
  const rest = createRoute({ getParentRoute: () => root, path: '/$', component: () => null });
  const tree = isInside
    ? root.addChildren([shell.addChildren([page]), rest])
    : root.addChildren([page, rest]);
  const history = createMemoryHistory({ initialEntries: [at] });
  const router = createRouter({ routeTree: tree, history });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  await router.load();
  const view = render(
    <QueryClientProvider client={client}>
      <QuickSyncProvider>
        <OfflineProvider downloads={downloads}>
          <PlayerProvider player={player}>
            <RouterProvider router={router as never} />
          </PlayerProvider>
        </OfflineProvider>
      </QuickSyncProvider>
    </QueryClientProvider>,
  );
  const user = userEvent.setup();
  return { ...view, user, player, client, address: () => router.state.location.href };
}
