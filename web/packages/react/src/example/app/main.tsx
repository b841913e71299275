// A whole app in ten lines. `cargo xtask test` installs the packed packages in an empty folder and
// plays with this very file, from another origin than the server's.
import { QuickSyncPlayer, QuickSyncProvider } from '@quicksync/react';
import { createRoot } from 'react-dom/client';

const { server, token } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
const headers = { Authorization: `Bearer ${token}` };
const { results } = await (await fetch(`${server}/api/tracks/`, { headers })).json();
createRoot(document.getElementById('root')!).render(
  <QuickSyncProvider baseUrl={server!} token={token!}>
    <QuickSyncPlayer tracks={results} />
  </QuickSyncProvider>,
);
