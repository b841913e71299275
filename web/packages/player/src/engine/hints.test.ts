import { expect, it, vi } from 'vitest';

import { networkKind, watchHints } from './hints.ts';

class Connection extends EventTarget {
  type = 'wifi';
  saveData = false;
}

const hostOf = () => ({ networkChanged: vi.fn(), pressure: vi.fn(), leaving: vi.fn() });

it('knows only the kinds of network that the interface names', () => {
  for (const [type, kind] of [
    ['wifi', 'wifi'],
    ['cellular', 'cellular'],
    ['ethernet', 'ethernet'],
    ['bluetooth', 'unknown'],
  ] as const) {
    const connection = Object.assign(new Connection(), { type });
    const scope = Object.assign(new EventTarget(), { navigator: { connection } });
    expect(networkKind(scope), type).toBe(kind);
  }
  expect(networkKind(new EventTarget())).toBe('unknown');
});

it('tells of another network, not of another guess at its rate, until it is stopped', () => {
  const connection = new Connection();
  const scope = Object.assign(new EventTarget(), { navigator: { connection } });
  const host = hostOf();
  const stop = watchHints(scope, host);
  connection.dispatchEvent(new Event('change'));
  expect(host.networkChanged).not.toHaveBeenCalled();
  connection.type = 'cellular';
  connection.dispatchEvent(new Event('change'));
  expect(host.networkChanged).toHaveBeenCalledTimes(1);
  connection.saveData = true;
  connection.dispatchEvent(new Event('change'));
  expect(host.networkChanged).toHaveBeenCalledTimes(2);
  scope.dispatchEvent(new Event('online'));
  scope.dispatchEvent(new Event('pagehide'));
  expect(host.networkChanged).toHaveBeenCalledTimes(3);
  expect(host.leaving).toHaveBeenCalledTimes(1);
  stop();
  scope.dispatchEvent(new Event('online'));
  expect(host.networkChanged).toHaveBeenCalledTimes(3);
});

it('passes on the last pressure that the browser observed', () => {
  let report: (records: readonly { state: 'fair' | 'serious' }[]) => void = () => undefined;
  const disconnect = vi.fn();
  class PressureObserver {
    disconnect = disconnect;
    constructor(callback: typeof report) {
      report = callback;
    }
    observe = () => Promise.reject(new Error('not allowed here'));
  }
  const host = hostOf();
  const scope = Object.assign(new EventTarget(), { PressureObserver }) as never;
  const stop = watchHints(scope, host);
  report([{ state: 'fair' }, { state: 'serious' }]);
  report([]);
  expect(host.pressure).toHaveBeenCalledExactlyOnceWith('serious');
  stop();
  expect(disconnect).toHaveBeenCalled();
});
