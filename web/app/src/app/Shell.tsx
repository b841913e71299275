// The frame around every page of someone who is logged in.

import { useQuery } from '@tanstack/react-query';
import { Outlet, useNavigate, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';

import { meQuery } from '../api/queries.ts';
import { PlayerBar } from '../features/player-bar/PlayerBar.tsx';
import { Shortcuts } from '../features/shortcuts/Shortcuts.tsx';
import { words } from '../strings/words.ts';
import { Failure } from '../ui/Notice.tsx';
import { Playback } from './Playback.tsx';
import { useLibraryChanges } from './libraryChanges.ts';
import { SideNav, TabBar, TopBar } from './Nav.tsx';
import { Unreachable } from './Unreachable.tsx';
import { Update } from './Update.tsx';

export function Shell() {
  const me = useQuery(meQuery);
  if (me.isPending) return null;
  if (me.isError) {
    return (
      <main className="grid min-h-dvh place-items-center px-6">
        <Failure error={me.error} retry={() => void me.refetch()} />
      </main>
    );
  }
  if (!me.data) return <ToLogin />;
  return (
    <Playback key={me.data.id} userId={me.data.id}>
      <a
        href="#page"
        onClick={skipToPage}
        className="absolute top-2 left-2 z-50 -translate-y-20 bg-accent px-4 py-2 text-on-accent focus:translate-y-0"
      >
        {words.nav.skip}
      </a>
      <div className="flex">
        <SideNav />
        <div className="min-w-0 flex-1">
          <TopBar />
          <main
            id="page"
            tabIndex={-1}
            className="min-h-dvh px-5 pt-4 pb-52 outline-none md:px-10 md:pt-10 md:pb-40"
          >
            <div className="mx-auto max-w-7xl">
              <Outlet />
            </div>
          </main>
        </div>
      </div>
      <div className="fixed inset-x-0 bottom-0 z-30">
        <Unreachable />
        <Update />
        <PlayerBar />
        <TabBar />
      </div>
      <Shortcuts />
      <LibraryChanges />
    </Playback>
  );
}

function LibraryChanges() {
  useLibraryChanges();
  return null;
}

/** Leads to the login page, which leads back here. */
function ToLogin() {
  const router = useRouter();
  const navigate = useNavigate();
  useEffect(() => {
    const { href, pathname } = router.state.location;
    if (pathname === '/login') return;
    void navigate({ to: '/login', search: href === '/' ? {} : { from: href }, replace: true });
  }, [router, navigate]);
  return null;
}

/** A fragment link would follow the page's <base> away from here. */
function skipToPage(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById('page')?.focus();
}
