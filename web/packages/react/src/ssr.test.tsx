// @vitest-environment node
// On a server there is no window, no document and no sound: importing and rendering need none.

import { renderToString } from 'react-dom/server';
import { expect, it } from 'vitest';

import { QuickSyncPlayer, QuickSyncProvider, QuickSyncSettings, QuickSyncStats } from './index.ts';

it('renders everything on a server', () => {
  expect([typeof window, typeof document]).toEqual(['undefined', 'undefined']);
  const html = renderToString(
    <QuickSyncProvider baseUrl="http://music.test" token="secret">
      <QuickSyncSettings />
      <QuickSyncPlayer tracks={[{ id: 'a', title: 'First' }]}>
        <QuickSyncStats />
      </QuickSyncPlayer>
    </QuickSyncProvider>,
  );
  for (const name of ['qss-panel', 'qsp-player', 'qsp-stats']) expect(html).toContain(name);
  expect(html).toContain('aria-label="Play"');
});
