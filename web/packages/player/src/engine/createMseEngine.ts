// Puts our own engine together from what the page gives and what the browser has.

import { browserMediaSource } from '../media/mediaSource.ts';
import { watchCache } from '../net/cacheWatch.ts';
import { Cmcd } from '../net/cmcd.ts';
import { createConnection } from '../net/connection.ts';
import { randomUuid } from '../net/device.ts';
import { createSampleReporter } from '../net/samples.ts';
import { apiOf, fetchOf } from '../net/server.ts';
import { browserClock } from '../platform.ts';
import type { EngineOptions } from '../player.ts';
import { DEFAULT_BUFFER, DEFAULT_BUFFER_DEPTH, DEFAULT_PREFERENCES } from '../preferences.ts';
import type { AudioEngine } from './audioEngine.ts';
import { Declaration } from './declaration.ts';
import { watchHints, type HintScope } from './hints.ts';
import { createManifestLoader } from './manifestLoader.ts';
import { MseEngine } from './mseEngine.ts';
import type { Network } from './segmentLoader.ts';

/** An engine with its own audio element, fetches and decision core. */
export function createMseEngine(options: EngineOptions, api = apiOf(options)): AudioEngine {
  const clock = options.clock ?? browserClock;
  const scope = options.scope ?? (globalThis as unknown as HintScope);
  const connection = createConnection(clock, () => engine.networkFelt(connection.failures));
  const declaration = new Declaration(api, scope, options.network ?? {}, {
    bounded: (bounds) => engine.advise({ bounds }),
  });
  const samples = createSampleReporter(api, clock, () => declaration.words);
  const network: Network = {
    clock,
    fetch: fetchOf(options),
    connection,
    samples,
    cache: watchCache(),
    cmcd: options.cmcd ? new Cmcd(options.cmcd, randomUuid()) : null,
  };
  const engine = new MseEngine({
    network,
    manifests: createManifestLoader(api, network),
    core: Promise.resolve(options.core),
    stored: options.offline ?? null,
    fading: async (first) =>
      options.fading ?? (await import('./fader.ts').then(({ openFading }) => openFading(first))),
    declare: (given) => {
      declaration.give(given);
      engine.link.networkChanged(declaration.network.kind);
      void declaration.say();
    },
    element: options.element ?? new Audio(),
    factory:
      options.mediaSourceFactory === undefined ? browserMediaSource() : options.mediaSourceFactory,
    settings: {
      preferences: options.preferences ?? DEFAULT_PREFERENCES,
      buffer: options.buffer ?? DEFAULT_BUFFER,
      networkKind: declaration.network.kind,
      estimate: null,
      bounds: null,
      override: null,
      depth: options.bufferDepth ?? DEFAULT_BUFFER_DEPTH,
    },
  });
  const stopHints = watchHints(scope, {
    networkChanged: () => {
      connection.wake();
      engine.link.networkChanged(declaration.network.kind);
      void declaration.say();
    },
    pressure: (pressure) => engine.link.pressure(pressure),
    leaving: () => samples.flush(true),
  });
  void declaration.say();
  const destroyEngine = engine.destroy.bind(engine);
  engine.destroy = () => {
    stopHints();
    samples.flush(true);
    network.cache.stop();
    destroyEngine();
  };
  return engine;
}
