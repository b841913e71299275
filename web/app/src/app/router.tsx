// Every page and its address.

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Link,
  type RouterHistory,
} from '@tanstack/react-router';

import { basePath } from '../base.ts';
import { AlbumPage } from '../features/albums/AlbumPage.tsx';
import { AlbumsPage } from '../features/albums/AlbumsPage.tsx';
import { TracksPage } from '../features/tracks/TracksPage.tsx';
import { words } from '../strings/words.ts';
import { Failure } from '../ui/Notice.tsx';
import { Shell } from './Shell.tsx';

type Given = Readonly<Record<string, unknown>>;
/** Only what has a value, as the address shows it. */
const textOf = <Name extends string>(given: Given, name: Name): { [Key in Name]?: string } => {
  const value = given[name];
  return (value === undefined || value === '' ? {} : { [name]: String(value) }) as never;
};

const sortOf = (given: Given): { sort?: string } => textOf(given, 'sort');

const root = createRootRoute({ errorComponent: Crashed });
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  component: lazyRouteComponent(() => import('../features/auth/LoginPage.tsx'), 'LoginPage'),
  // Only an address of this app: never a way out of it.
  validateSearch: (given: Given): { from?: string } => {
    const { from } = textOf(given, 'from');
    return from && /^\/(?![/\\])/.test(from) ? { from } : {};
  },
});
const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('../features/auth/SetupPage.tsx'), 'SetupPage'),
});

const page = { getParentRoute: () => shell } as const;
const pages = [
  createRoute({ ...page, path: '/', component: AlbumsPage, validateSearch: sortOf }),
  createRoute({ ...page, path: '/albums/$id', component: AlbumPage }),
  createRoute({
    ...page,
    path: '/artists',
    component: lazyRouteComponent(
      () => import('../features/artists/ArtistsPage.tsx'),
      'ArtistsPage',
    ),
  }),
  createRoute({
    ...page,
    path: '/artists/$id',
    component: lazyRouteComponent(() => import('../features/artists/ArtistPage.tsx'), 'ArtistPage'),
  }),
  createRoute({ ...page, path: '/tracks', component: TracksPage, validateSearch: sortOf }),
  createRoute({
    ...page,
    path: '/search',
    component: lazyRouteComponent(() => import('../features/search/SearchPage.tsx'), 'SearchPage'),
    validateSearch: (given: Given): { q?: string; kind?: 'albums' | 'artists' } => {
      const { kind } = textOf(given, 'kind');
      return {
        ...textOf(given, 'q'),
        ...(kind === 'albums' || kind === 'artists' ? { kind } : {}),
      };
    },
  }),
  createRoute({
    ...page,
    path: '/queue',
    component: lazyRouteComponent(() => import('../features/queue/QueuePage.tsx'), 'QueuePage'),
  }),
  createRoute({
    ...page,
    path: '/offline',
    component: lazyRouteComponent(
      () => import('../features/offline/OfflinePage.tsx'),
      'OfflinePage',
    ),
  }),
  createRoute({
    ...page,
    path: '/settings',
    component: lazyRouteComponent(
      () => import('../features/settings/SettingsPage.tsx'),
      'SettingsPage',
    ),
    validateSearch: (given: Given): { tab?: string } => textOf(given, 'tab'),
  }),
  createRoute({
    ...page,
    path: '/stats',
    component: lazyRouteComponent(() => import('../features/stats/StatsPage.tsx'), 'StatsPage'),
  }),
  createRoute({
    ...page,
    path: '/analytics',
    component: lazyRouteComponent(
      () => import('../features/analytics/AnalyticsPage.tsx'),
      'AnalyticsPage',
    ),
    validateSearch: (given: Given): { days?: string; of?: string } => ({
      ...textOf(given, 'days'),
      ...textOf(given, 'of'),
    }),
  }),
  createRoute({
    ...page,
    path: '/analytics/sessions/$id',
    component: lazyRouteComponent(
      () => import('../features/analytics/SessionPage.tsx'),
      'SessionPage',
    ),
  }),
  createRoute({
    ...page,
    path: '/reference',
    component: lazyRouteComponent(
      () => import('../features/reference/ReferencePage.tsx'),
      'ReferencePage',
    ),
  }),
  createRoute({ ...page, path: '$', component: NotFound }),
] as const;

export const routeTree = root.addChildren([login, setup, shell.addChildren(pages)]);

/** `history` is the browser's own if not given. */
export const createAppRouter = (history?: RouterHistory) =>
  createRouter({
    routeTree,
    basepath: basePath || '/',
    scrollRestoration: true,
    // The code of a page comes while one reaches for it.
    defaultPreload: 'intent',
    ...(history ? { history } : {}),
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}

function NotFound() {
  return (
    <div className="grid max-w-prose gap-4">
      <h1 className="headline text-3xl">{words.errors.notFound}</h1>
      <Link to="/" className="text-accent underline">
        {words.errors.home}
      </Link>
    </div>
  );
}

function Crashed() {
  return (
    <main className="px-6">
      <Failure error={new Error(words.errors.crash)} retry={() => location.reload()} />
    </main>
  );
}
