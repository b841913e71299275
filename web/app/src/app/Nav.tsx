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
  ['/offline', words.nav.offline, 'offline'],
];
const HOUSE: readonly Place[] = [
  ['/settings', words.nav.settings, 'settings'],
  ['/stats', words.nav.stats, 'stats'],
  ['/analytics', words.nav.analytics, 'listening'],
  ['/reference', words.nav.reference, 'reference'],
];
const PHONE: readonly Place[] = MUSIC.filter(([to]) => to !== '/queue');
const PHONE_TOP: readonly Place[] = HOUSE.slice(0, -1).toReversed();

/** Beside the page on a wide screen. */
export function SideNav() {
  return (
    <nav
      aria-label={words.nav.label}
      className="sticky top-0 hidden h-[calc(100dvh-6rem)] w-52 shrink-0 flex-col gap-10 overflow-y-auto px-6 py-7 md:flex"
    >
      <Brand />
      <Places places={MUSIC} />
      <div className="mt-auto">
        <Places places={HOUSE} />
      </div>
    </nav>
  );
}

function Brand() {
  return (
    <Link to="/" className="flex min-h-6 items-end gap-2.5">
      <Ladder step={4} className="h-5 text-accent" />
      <span className="text-[1.05rem] leading-none font-bold tracking-tight [font-stretch:112%]">
        {words.name}
      </span>
    </Link>
  );
}

/** Above the page on a phone: what is not about music. */
export function TopBar() {
  return (
    <nav
      aria-label={words.nav.house}
      className="flex items-center justify-between px-5 pt-3 md:hidden"
    >
      <Brand />
      <ul className="-mr-2.5 flex">
        {PHONE_TOP.map(([to, label, icon]) => (
          <li key={to}>
            <Link
              to={to}
              aria-label={label}
              title={label}
              className="grid size-10 place-items-center rounded-full text-soft hover:text-ink data-[status=active]:text-accent"
            >
              <Icon name={icon} />
            </Link>
          </li>
        ))}
      </ul>
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
          className="grid min-h-14 min-w-0 content-center justify-items-center gap-1 px-0.5 text-[0.6875rem] text-soft data-[status=active]:font-semibold data-[status=active]:text-accent"
        >
          <Icon name={icon} />
          <span className="max-w-full truncate">{label}</span>
        </Link>
      ))}
    </nav>
  );
}
