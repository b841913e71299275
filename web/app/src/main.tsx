import './styles/theme.css';

import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';

import { createQueryClient } from './app/queryClient.ts';
import { createAppRouter } from './app/router.tsx';
import { watchInstallOffer } from './pwa/install.ts';
import { startServiceWorker } from './pwa/updates.ts';
import { language } from './strings/language.ts';
import { applyTheme } from './ui/theme.ts';

applyTheme();
document.documentElement.lang = language;

watchInstallOffer();
startServiceWorker();

const host = document.getElementById('root');
if (host) {
  createRoot(host).render(
    <QueryClientProvider client={createQueryClient()}>
      <RouterProvider router={createAppRouter()} />
    </QueryClientProvider>,
  );
}
