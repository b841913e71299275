import * as Tabs from '@radix-ui/react-tabs';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { meQuery } from '../../api/queries.ts';
import { words } from '../../strings/words.ts';
import { Page } from '../../ui/Page.tsx';
import { Account } from './Account.tsx';
import { Appearance } from './Appearance.tsx';
import { Devices } from './devices/Devices.tsx';
import { Downloads } from './downloads/Downloads.tsx';
import { Library } from './Library.tsx';
import { Network } from './network/Network.tsx';
import { Privacy } from './Privacy.tsx';
import { Sound } from './Sound.tsx';
import { Speed } from './speed/Speed.tsx';
import { Tokens } from './Tokens.tsx';
import { Users } from './Users.tsx';

type Tab = keyof typeof words.settings.tabs;

const CONTENT: Readonly<Record<Tab, () => ReactNode>> = {
  sound: () => <Sound />,
  network: () => <Network />,
  speed: () => <Speed />,
  downloads: () => <Downloads />,
  appearance: () => <Appearance />,
  account: () => <Account />,
  tokens: () => <Tokens />,
  devices: () => <Devices />,
  privacy: () => <Privacy />,
  library: () => <Library />,
  users: () => <Users />,
};
const FOR_ADMINISTRATORS: readonly Tab[] = ['users'];
const isTab = (text: string): text is Tab => text in CONTENT;

/** On a phone the tabs are wider than the window. */
const showTab = (tab: HTMLElement | null) =>
  tab?.scrollIntoView({ block: 'nearest', inline: 'center' });

export function SettingsPage() {
  const { tab = 'sound' } = useSearch({ from: '/shell/settings' });
  const navigate = useNavigate();
  const isAdmin = useQuery(meQuery).data?.is_admin ?? false;
  const shown = (Object.keys(CONTENT) as Tab[]).filter(
    (one) => isAdmin || !FOR_ADMINISTRATORS.includes(one),
  );
  const chosen = isTab(tab) && shown.includes(tab) ? tab : 'sound';
  const open = (next: string) =>
    void navigate({ to: '/settings', search: { tab: next }, replace: true });
  return (
    <Page title={words.settings.title}>
      <Tabs.Root
        value={chosen}
        onValueChange={open}
        orientation="vertical"
        className="grid gap-8 md:grid-cols-[10rem_minmax(0,44rem)] md:gap-14"
      >
        <Tabs.List
          aria-label={words.settings.title}
          className="-mx-5 flex gap-5 overflow-x-auto border-b border-line px-5 md:mx-0 md:grid md:content-start md:gap-0 md:border-0 md:px-0"
        >
          {shown.map((value) => (
            <Tabs.Trigger
              key={value}
              value={value}
              ref={value === chosen ? showTab : undefined}
              className="min-h-11 border-b-2 border-transparent text-left whitespace-nowrap text-soft hover:text-ink data-[state=active]:border-accent data-[state=active]:font-semibold data-[state=active]:text-ink md:border-b-0 md:border-l-2 md:pl-4"
            >
              {words.settings.tabs[value]}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {shown.map((value) => (
          <Tabs.Content key={value} value={value} className="min-w-0 outline-offset-8">
            {CONTENT[value]()}
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </Page>
  );
}
