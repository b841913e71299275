// The second engine, on hls.js; see `PlayerOptions.fallback`. Apart from the rest, so that who does not
// want it need not install hls.js.

import type { AudioEngine } from './engine/audioEngine.ts';
import { HlsEngine } from './hls/hlsEngine.ts';
import type { HlsClass } from './hls/source.ts';
import { apiOf } from './net/server.ts';
import { browserClock } from './platform.ts';
import type { EngineOptions } from './player.ts';
import { DEFAULT_BUFFER, DEFAULT_PREFERENCES } from './preferences.ts';

export interface HlsEngineOptions extends Omit<EngineOptions, 'core'> {
  /** Default the light build of `hls.js`, fetched with the first track. */
  readonly hls?: () => Promise<HlsClass>;
}

/** Plays the server's HLS playlists; follows hls.js's own rule, and no decision core. */
export function createHlsEngine(options: HlsEngineOptions = {}): AudioEngine {
  return new HlsEngine({
    api: apiOf(options),
    clock: options.clock ?? browserClock,
    element: (options.element as HTMLMediaElement | undefined) ?? new Audio(),
    hls: options.hls ?? lightBuild,
    mode: (options.preferences ?? DEFAULT_PREFERENCES).mode,
    buffer: options.buffer ?? DEFAULT_BUFFER,
  });
}

/** Without what audio has no use for. */
async function lightBuild(): Promise<HlsClass> {
  // @ts-expect-error -- it has no declarations of its own
  return (await import('hls.js/light')).default as HlsClass;
}
