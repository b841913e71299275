// What the context provides: asks the server, keeps its answers, and shows a change before the
// server has confirmed it.

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';

import { createClient, QuickSyncError } from '../api/client.ts';
import type {
  QuickSyncBounds,
  QuickSyncContextType,
  QuickSyncDevice,
  QuickSyncPreferences,
  QuickSyncStatus,
  QuickSyncTestResult,
} from '../types.ts';
import { useRefreshWhileVisible } from './useRefreshWhileVisible.ts';

type Change = Partial<QuickSyncPreferences>;

interface Known {
  readonly status: QuickSyncStatus | null;
  /** As the server last confirmed them. */
  readonly confirmed: QuickSyncPreferences | null;
  readonly device: QuickSyncDevice | null;
  readonly bounds: QuickSyncBounds | null;
  /** Sent and not answered yet, oldest first. */
  readonly pending: readonly Change[];
  readonly lastTest: QuickSyncTestResult | null;
  readonly error: string | null;
  /** Requests that `loading` stands for. */
  readonly busy: number;
}

const NOTHING: Known = {
  status: null,
  confirmed: null,
  device: null,
  bounds: null,
  pending: [],
  lastTest: null,
  error: null,
  busy: 0,
};

/** Everything starts anew when one of these changes: another server, another listener. */
export interface Source {
  readonly baseUrl: string;
  readonly token: string | undefined;
  readonly sessionKey: string | number | null | undefined;
}

export function useQuickSyncState({ baseUrl, token, sessionKey }: Source): QuickSyncContextType {
  const client = useMemo(
    () => ({ ...createClient(baseUrl, token), sessionKey }),
    [baseUrl, token, sessionKey],
  );
  const [known, setKnown] = useState<Known>(NOTHING);
  const present = useRef(client);
  /** Refused for want of a login: nothing is asked on its own until that has changed. */
  const silent = useRef(false);
  const queue = useRef<Promise<unknown>>(Promise.resolve());

  /** Runs one request; what it finds counts only if it is still about the present listener. */
  const ask = useCallback(
    async <Answer>(request: () => Promise<Answer>, take: (answer: Answer) => Partial<Known>) => {
      const mine = () => present.current === client;
      try {
        const answer = await request();
        silent.current &&= !mine();
        if (mine()) setKnown((before) => ({ ...before, error: null, ...take(answer) }));
      } catch (error) {
        if (mine()) {
          const login = error instanceof QuickSyncError && error.isLogin;
          silent.current ||= login;
          const message = error instanceof Error ? error.message : String(error);
          setKnown((before) => ({ ...before, error: login ? before.error : message }));
        }
        throw error;
      }
    },
    [client],
  );

  const refreshStatus = useCallback(
    () =>
      ask(client.status, ({ status, preferences, device = null, bounds = null }) => ({
        status,
        confirmed: preferences,
        device,
        bounds,
      })).catch(() => undefined),
    [ask, client],
  );

  const loading = useCallback(
    async (work: () => Promise<void>) => {
      const count = (by: number) => {
        if (present.current !== client) return;
        setKnown((before) => ({ ...before, busy: before.busy + by }));
      };
      count(1);
      await work().finally(() => count(-1));
    },
    [client],
  );

  useEffect(() => {
    if (present.current !== client) setKnown(NOTHING);
    present.current = client;
    silent.current = false;
    queue.current = Promise.resolve();
    void loading(refreshStatus);
  }, [client, loading, refreshStatus]);

  useRefreshWhileVisible(
    useCallback(() => void (silent.current || refreshStatus()), [refreshStatus]),
  );

  const runSpeedTest = useCallback(
    () =>
      loading(async () => {
        const done = await ask(client.test, (lastTest) => ({ lastTest })).then(
          () => true,
          () => false,
        );
        if (done) await refreshStatus();
      }),
    [ask, client, loading, refreshStatus],
  );

  const updatePreferences = useCallback(
    (change: Change): Promise<void> => {
      const without = (before: Known) => before.pending.filter((one) => one !== change);
      setKnown((before) => ({ ...before, pending: [...before.pending, change] }));
      // One after another, so that the server keeps the listener's last word.
      const sent = queue.current.then(() =>
        ask(
          () => client.update(change),
          ({ status, mode, prefer_quality, adapt_to_system, auto_download_quality }) => ({
            confirmed: { mode, prefer_quality, adapt_to_system, auto_download_quality },
            ...(status ? { status } : {}),
          }),
        ).finally(() => setKnown((before) => ({ ...before, pending: without(before) }))),
      );
      queue.current = sent.catch(() => undefined);
      return sent;
    },
    [ask, client],
  );

  return useMemo(() => {
    const { status, confirmed, device, bounds, pending, lastTest, error, busy } = known;
    const preferences = confirmed && Object.assign({}, confirmed, ...pending);
    const actions = { updatePreferences, runSpeedTest, refreshStatus };
    return { status, preferences, device, bounds, lastTest, error, loading: busy > 0, ...actions };
  }, [known, updatePreferences, runSpeedTest, refreshStatus]);
}
