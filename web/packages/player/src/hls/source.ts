// One track's playlist on an element: by hls.js where there is a media source, by the browser itself
// only where there is none. What `canPlayType` says of HLS chooses nothing else: browsers answer
// "maybe" that do worse by themselves.

import type { default as Hls, ErrorData, Fragment, HlsConfig } from 'hls.js';
import { undecodable, LoadError } from '../engine/manifestLoader.ts';
import { QUALITIES, type BufferSettings, type Quality } from '../preferences.ts';
import type { RungView } from '../state.ts';
import { kbps, millis, rateOf, bytes, type Kbps } from '../units.ts';
import type { HlsManifest } from './manifest.ts';

export type HlsClass = typeof Hls;

export interface SourceHost {
  /** Null when nothing is. */
  fetching(rung: RungView | null): void;
  buffered(start: number, end: number, rung: RungView): void;
  measured(rate: Kbps): void;
  /** It has ended; a network may come back. */
  failed(why: 'network' | LoadError): void;
}

export interface Source {
  /** From the next segment on; null lets hls.js choose. */
  hold(quality: Quality | null): void;
  fill(buffer: BufferSettings): void;
  close(): void;
}

const OPUS = 'audio/mp4; codecs="opus"';
const NATIVE = 'application/vnd.apple.mpegurl';

export function openSource(
  HlsJs: HlsClass,
  element: HTMLMediaElement,
  manifest: HlsManifest,
  start: {
    readonly position: number;
    readonly buffer: BufferSettings;
    readonly held: Quality | null;
  },
  host: SourceHost,
): Source {
  if (HlsJs.isSupported()) return new HlsSource(HlsJs, element, manifest, start, host);
  if (element.canPlayType(NATIVE) === '') {
    throw new LoadError('unsupported', 'This browser can play neither our segments nor HLS.');
  }
  return nativeSource(element, manifest, start.position);
}

function nativeSource(element: HTMLMediaElement, manifest: HlsManifest, position: number): Source {
  const playsOpus = element.canPlayType(OPUS) !== '';
  element.src = playsOpus ? manifest.url : (manifest.mp3Url ?? manifest.url);
  element.currentTime = position;
  const close = () => {
    element.removeAttribute('src');
    element.load();
  };
  return { hold: () => undefined, fill: () => undefined, close };
}

/** hls.js fills 60 MB, an album, unless the larger bound is set as well. */
const bounds = ({ max_buffer_size: most }: BufferSettings): Partial<HlsConfig> => ({
  maxBufferLength: most,
  maxMaxBufferLength: most,
});

class HlsSource implements Source {
  readonly #hls: Hls;
  readonly #manifest: HlsManifest;
  readonly #host: SourceHost;
  #held: Quality | null;
  #isRecovering = false;

  constructor(
    HlsJs: HlsClass,
    element: HTMLMediaElement,
    manifest: HlsManifest,
    start: Parameters<typeof openSource>[3],
    host: SourceHost,
  ) {
    const { Events } = HlsJs;
    this.#manifest = manifest;
    this.#host = host;
    this.#held = start.held;
    const { position: startPosition, buffer } = start;
    this.#hls = new HlsJs({ ...bounds(buffer), startPosition, enableWorker: false });
    this.#hls.on(Events.MANIFEST_PARSED, () => this.hold(this.#held));
    this.#hls.on(Events.FRAG_LOADING, (_, { frag }) => host.fetching(this.#rung(frag)));
    this.#hls.on(Events.FRAG_LOADED, (_, { frag }) => this.#loaded(frag));
    this.#hls.on(Events.FRAG_BUFFERED, (_, { frag }) => this.#buffered(frag));
    this.#hls.on(Events.ERROR, (_, error) => this.#failed(error));
    this.#hls.attachMedia(element);
    const plays = HlsJs.getMediaSource()?.isTypeSupported(OPUS) || !manifest.mp3Url;
    this.#hls.loadSource(plays ? manifest.url : (manifest.mp3Url ?? manifest.url));
  }

  hold(quality: Quality | null): void {
    this.#held = quality;
    const levels = this.#hls.levels.map((_, level) => this.#qualityOf(level));
    const wanted = quality === null ? -1 : QUALITIES.indexOf(quality);
    const served = levels.findLastIndex((one) => QUALITIES.indexOf(one) <= wanted);
    if (levels.length > 0) this.#hls.loadLevel = quality === null ? -1 : Math.max(served, 0);
  }

  fill(buffer: BufferSettings): void {
    Object.assign(this.#hls.config, bounds(buffer));
  }

  close(): void {
    this.#hls.destroy();
  }

  #loaded(frag: Fragment): void {
    const { loading, total } = frag.stats;
    if (isMedia(frag))
      this.#host.measured(rateOf(bytes(total), millis(loading.end - loading.start)));
  }

  #buffered(frag: Fragment): void {
    const rung = this.#rung(frag);
    if (!rung) return;
    this.#isRecovering = false;
    this.#host.fetching(null);
    this.#host.buffered(frag.start, frag.end, rung);
  }

  #failed({ fatal, type }: ErrorData): void {
    if (!fatal) return;
    if (type === 'networkError') return this.#host.failed('network');
    if (type !== 'mediaError' || this.#isRecovering) return this.#host.failed(undecodable());
    this.#isRecovering = true;
    this.#hls.recoverMediaError();
  }

  #rung(frag: Fragment): RungView | null {
    if (!isMedia(frag)) return null;
    const quality = this.#qualityOf(frag.level);
    const known = this.#manifest.ladder.find((rung) => rung.quality === quality);
    return { quality, bitrateKbps: known?.bitrateKbps ?? kbps(0) };
  }

  #qualityOf(level: number): Quality {
    const name = this.#hls.levels[level]?.name;
    const { ladder } = this.#manifest;
    const ranked = ladder[Math.min(level, ladder.length - 1)]?.quality ?? 'low';
    return QUALITIES.find((quality) => quality === name) ?? ranked;
  }
}

const isMedia = ({ sn }: Fragment): boolean => typeof sn === 'number';
