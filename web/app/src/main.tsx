import './styles/theme.css';

import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';

import { createQueryClient } from './app/queryClient.ts';
import { createAppRouter } from './app/router.tsx';
import { applyTheme } from './ui/theme.ts';

applyTheme();

const host = document.getElementById('root');
if (host) {
  createRoot(host).render(
    <QueryClientProvider client={createQueryClient()}>
      <RouterProvider router={createAppRouter()} />
    </QueryClientProvider>,
  );
}
