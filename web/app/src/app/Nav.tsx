import { Link, type LinkProps } from '@tanstack/react-router';

import { words } from '../strings/words.ts';
import { Icon, type IconName } from '../ui/Icon.tsx';
import { Ladder } from '../ui/Ladder.tsx';

type Place = readonly [to: NonNullable<LinkProps['to']>, label: string, icon: IconName];

const MUSIC: readonly Place[] = [
  ['/', words.nav.albums, 'albums'],
  ['/artists', words.nav.artists, 'artists'],
  ['/tracks', words.nav.tracks, 'tracks'],
  ['/search', words.nav.search, 'search'],
  ['/queue', words.nav.queue, 'queue'],
];
const HOUSE: readonly Place[] = [
  ['/settings', words.nav.settings, 'settings'],
  ['/stats', words.nav.stats, 'stats'],
  ['/analytics', words.nav.analytics, 'listening'],
  ['/reference', words.nav.reference, 'reference'],
];
const PHONE: readonly Place[] = [...MUSIC.slice(0, 4), ...HOUSE.slice(0, 1)];

/** Beside the page on a wide screen. */
export function SideNav() {
  return (
    <nav
      aria-label={words.nav.label}
      className="sticky top-0 hidden h-[calc(100dvh-6rem)] w-52 shrink-0 flex-col gap-10 overflow-y-auto px-6 py-7 md:flex"
    >
      <Link to="/" className="flex items-end gap-2.5">
        <Ladder step={4} className="h-5 text-accent" />
        <span className="text-[1.05rem] leading-none font-bold tracking-tight [font-stretch:112%]">
          {words.name}
        </span>
      </Link>
      <Places places={MUSIC} />
      <div className="mt-auto">
        <Places places={HOUSE} />
      </div>
    </nav>
  );
}

const PLACE =
  'flex min-h-10 items-center gap-3 text-[0.9375rem] text-soft transition-colors hover:text-ink data-[status=active]:font-semibold data-[status=active]:text-ink';

function Places({ places }: { places: readonly Place[] }) {
  return (
    <ul>
      {places.map(([to, label, icon]) => (
        <li key={to}>
          <Link
            to={to}
            activeOptions={{ exact: to === '/', includeSearch: false }}
            className={PLACE}
          >
            <Icon name={icon} size={18} />
            {label}
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** Below the page on a phone. */
export function TabBar() {
  return (
    <nav
      aria-label={words.nav.label}
      className="grid grid-cols-5 border-t border-line bg-raised pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {PHONE.map(([to, label, icon]) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: to === '/', includeSearch: false }}
          className="grid min-h-14 content-center justify-items-center gap-1 text-[0.6875rem] text-soft data-[status=active]:font-semibold data-[status=active]:text-accent"
        >
          <Icon name={icon} />
          {label}
        </Link>
      ))}
    </nav>
  );
}
