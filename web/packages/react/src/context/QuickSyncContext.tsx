// Quick Sync for a React tree: one provider asks the server, everything below reads it here.

import { createContext, useContext, useMemo, type ReactNode } from 'react';

import type { QuickSyncContextType } from '../types.ts';
import { ConnectionContext } from './connection.ts';
import { useQuickSyncState } from './useQuickSyncState.ts';

const QuickSyncContext = createContext<QuickSyncContextType | null>(null);

export interface QuickSyncProviderProps {
  readonly children?: ReactNode;
  /** Where the server is; default the page's own origin. */
  readonly baseUrl?: string;
  /** An API token; without one, the login cookie says who asks. */
  readonly token?: string;
  /**
   * Anything that changes when another listener logs in or out. Without a login the provider falls
   * silent, and asks again when this or `token` changes or `refreshStatus` is called.
   */
  readonly sessionKey?: string | number | null;
}

export function QuickSyncProvider({
  children,
  baseUrl = '',
  token,
  sessionKey,
}: QuickSyncProviderProps) {
  const value = useQuickSyncState({ baseUrl, token, sessionKey });
  const connection = useMemo(() => ({ baseUrl, token }), [baseUrl, token]);
  return (
    <ConnectionContext.Provider value={connection}>
      <QuickSyncContext.Provider value={value}>{children}</QuickSyncContext.Provider>
    </ConnectionContext.Provider>
  );
}

export function useQuickSync(): QuickSyncContextType {
  const value = useContext(QuickSyncContext);
  if (!value) throw new Error('useQuickSync needs a QuickSyncProvider above it');
  return value;
}

export type {
  QuickSyncContextType,
  QuickSyncMode,
  QuickSyncPreferences,
  QuickSyncStatus,
  QuickSyncTestResult,
} from '../types.ts';
