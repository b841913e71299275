// Puts an engine together from what the page gives and what the browser has.

import { Engine } from './engine/engine.ts';
import { networkKind, watchHints, type HintScope } from './engine/hints.ts';
import { createManifestLoader } from './engine/manifestLoader.ts';
import type { Network } from './engine/segmentLoader.ts';
import { browserMediaSource } from './media/mediaSource.ts';
import { connectMediaSession } from './mediaSession.ts';
import { createApi } from './net/api.ts';
import { watchCache } from './net/cacheWatch.ts';
import { createConnection } from './net/connection.ts';
import { browserStorage, deviceId } from './net/device.ts';
import { createSampleReporter } from './net/samples.ts';
import { browserClock } from './platform.ts';
import type { Player, PlayerOptions } from './player.ts';
import { DEFAULT_BUFFER, DEFAULT_PREFERENCES } from './preferences.ts';

/** An engine with its own audio element, fetches and decision core. */
export function createPlayer(options: PlayerOptions): Player {
  const clock = options.clock ?? browserClock;
  const scope = options.scope ?? (globalThis as unknown as HintScope);
  const fetchOf: typeof fetch = options.fetch ?? ((input, init) => fetch(input, init));
  const api = createApi({
    baseUrl: options.baseUrl ?? '',
    fetch: fetchOf,
    credentials: options.credentials ?? 'same-origin',
    deviceId: deviceId(options.storage === undefined ? browserStorage() : options.storage),
    getToken: options.getToken,
  });
  const connection = createConnection(clock, () => engine.networkFelt(connection.failures));
  const samples = createSampleReporter(api, clock, () => engine.link.settings.networkKind);
  const network: Network = { clock, fetch: fetchOf, connection, samples, cache: watchCache() };
  const engine = new Engine({
    network,
    manifests: createManifestLoader(api, network),
    core: Promise.resolve(options.core),
    element: options.element ?? new Audio(),
    factory:
      options.mediaSourceFactory === undefined ? browserMediaSource() : options.mediaSourceFactory,
    settings: {
      preferences: options.preferences ?? DEFAULT_PREFERENCES,
      buffer: options.buffer ?? DEFAULT_BUFFER,
      networkKind: networkKind(scope),
      estimate: null,
      depth: options.bufferDepth ?? null,
    },
  });
  const stopHints = watchHints(scope, {
    networkChanged: (kind) => {
      connection.wake();
      engine.link.networkChanged(kind);
    },
    pressure: (pressure) => engine.link.pressure(pressure),
    leaving: () => samples.flush(true),
  });
  const stopMediaSession = connectMediaSession(engine);
  const destroyEngine = engine.destroy.bind(engine);
  engine.destroy = () => {
    stopMediaSession();
    stopHints();
    samples.flush(true);
    network.cache.stop();
    destroyEngine();
  };
  return engine;
}
