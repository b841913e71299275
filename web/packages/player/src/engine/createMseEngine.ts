// Puts our own engine together from what the page gives and what the browser has.

import { browserMediaSource } from '../media/mediaSource.ts';
import { watchCache } from '../net/cacheWatch.ts';
import { createConnection } from '../net/connection.ts';
import { createSampleReporter } from '../net/samples.ts';
import { apiOf, fetchOf } from '../net/server.ts';
import { browserClock } from '../platform.ts';
import type { EngineOptions } from '../player.ts';
import { DEFAULT_BUFFER, DEFAULT_PREFERENCES } from '../preferences.ts';
import type { AudioEngine } from './audioEngine.ts';
import { networkKind, watchHints, type HintScope } from './hints.ts';
import { createManifestLoader } from './manifestLoader.ts';
import { MseEngine } from './mseEngine.ts';
import type { Network } from './segmentLoader.ts';

/** An engine with its own audio element, fetches and decision core. */
export function createMseEngine(options: EngineOptions, api = apiOf(options)): AudioEngine {
  const clock = options.clock ?? browserClock;
  const scope = options.scope ?? (globalThis as unknown as HintScope);
  const connection = createConnection(clock, () => engine.networkFelt(connection.failures));
  const samples = createSampleReporter(api, clock, () => engine.link.settings.networkKind);
  const network: Network = {
    clock,
    fetch: fetchOf(options),
    connection,
    samples,
    cache: watchCache(),
  };
  const engine = new MseEngine({
    network,
    manifests: createManifestLoader(api, network),
    core: Promise.resolve(options.core),
    stored: options.offline ?? null,
    element: options.element ?? new Audio(),
    factory:
      options.mediaSourceFactory === undefined ? browserMediaSource() : options.mediaSourceFactory,
    settings: {
      preferences: options.preferences ?? DEFAULT_PREFERENCES,
      buffer: options.buffer ?? DEFAULT_BUFFER,
      networkKind: networkKind(scope),
      estimate: null,
      override: null,
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
  const destroyEngine = engine.destroy.bind(engine);
  engine.destroy = () => {
    stopHints();
    samples.flush(true);
    network.cache.stop();
    destroyEngine();
  };
  return engine;
}
