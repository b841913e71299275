// What some browsers tell of network and device. Nothing relies on any of it.

import type { DevicePressure, NetworkKind } from '../preferences.ts';

interface Connection extends EventTarget {
  readonly type?: string;
  readonly saveData?: boolean;
}

interface PressureObserverLike {
  observe(source: 'cpu', options: { sampleInterval: number }): Promise<void>;
  disconnect(): void;
}

type PressureObserverClass = new (
  callback: (records: readonly { readonly state: DevicePressure }[]) => void,
) => PressureObserverLike;

export interface HintScope extends Pick<EventTarget, 'addEventListener' | 'removeEventListener'> {
  readonly navigator?: { readonly connection?: Connection };
  readonly PressureObserver?: PressureObserverClass;
}

export interface HintHost {
  networkChanged(): void;
  pressure(state: DevicePressure): void;
  /** The page may be gone soon. */
  leaving(): void;
}

const KINDS: Readonly<Record<string, NetworkKind>> = {
  wifi: 'wifi',
  cellular: 'cellular',
  ethernet: 'ethernet',
};
const PRESSURE_INTERVAL_MS = 5_000;

export const networkKind = (scope: HintScope): NetworkKind =>
  KINDS[scope.navigator?.connection?.type ?? ''] ?? 'unknown';

/** Watches until the answer is called. */
export function watchHints(scope: HintScope, host: HintHost): () => void {
  const connection = scope.navigator?.connection;
  const said = () => `${networkKind(scope)} ${connection?.saveData}`;
  let before = said();
  const online = () => {
    before = said();
    host.networkChanged();
  };
  // `change` also fires for every new guess of the browser's at the rate.
  const changed = () => said() !== before && online();
  const leaving = () => host.leaving();
  scope.addEventListener('online', online);
  scope.addEventListener('pagehide', leaving);
  connection?.addEventListener('change', changed);
  const observer = watchPressure(scope, host);
  return () => {
    scope.removeEventListener('online', online);
    scope.removeEventListener('pagehide', leaving);
    connection?.removeEventListener('change', changed);
    observer?.disconnect();
  };
}

function watchPressure(scope: HintScope, host: HintHost): PressureObserverLike | null {
  if (!scope.PressureObserver) return null;
  const observer = new scope.PressureObserver((records) => {
    const last = records.at(-1);
    if (last) host.pressure(last.state);
  });
  observer.observe('cpu', { sampleInterval: PRESSURE_INTERVAL_MS }).catch(() => undefined);
  return observer;
}
