// The decision core as the ABR controller of hls.js.
//
// hls.js asks for a level over and over, and fetches a segment again if the answer changes before
// it is buffered: a wish of the core stands until then. What hls.js would buffer by itself (60 MB,
// which is an album) is bounded by the core: there is room exactly while the core has a wish.

import type { Quality } from '@quicksync/player';
import type { AbrComponentAPI, default as Hls, Fragment, HlsConfig, LevelDetails } from 'hls.js';
import { CoreAdvisor, type Wish } from './advisor.ts';
import { follow } from './follow.ts';
import type { PluginOptions } from './options.ts';
import { ladderOf, nameRungs, type Rungs } from './rungs.ts';

export type { PluginOptions } from './options.ts';
export type { CoreAdvisor, Wish } from './advisor.ts';

/**
 * hls.js adds lengths up, and takes a segment that seems to end after the buffer, if only by 1e-14 s,
 * for the one that comes next. Seconds; buffers end at whole microseconds.
 */
const EARLIER_S = 2e-6;
/** Segments further from where they should be are of another grid: they are left alone. */
const PLACE_TOLERANCE_S = 1e-4;
/** How often the bytes of a transfer are looked at. */
const PROGRESS_MS = 100;

export interface HlsPlugin {
  /** To be spread into the configuration of one `Hls`. */
  readonly config: Partial<HlsConfig>;
  readonly advisor: CoreAdvisor;
}

/** `new Hls({ ...quickSyncHls({ core }).config })` follows the core. */
export function quickSyncHls(options: PluginOptions): HlsPlugin {
  let controller: HlsController | null = null;
  const advisor = new CoreAdvisor(options, {
    wished: (wish) => controller?.wished(wish),
    abandoned: (wish) => controller?.abandoned(wish),
  });
  class QuickSyncController extends HlsController {
    constructor(hls: Hls) {
      if (controller) throw new Error('each Hls needs a quickSyncHls of its own');
      super(hls, advisor);
      // oxlint-disable-next-line typescript/no-this-alias -- hls.js makes the one that it uses
      controller = this;
    }
  }
  // hls.js names its own class as the type, and uses no more of it than `AbrComponentAPI`.
  const abrController = QuickSyncController as unknown as HlsConfig['abrController'];
  const config = { abrController, startLevel: -1, testBandwidth: false, maxBufferLength: 1 };
  return { config, advisor };
}

class HlsController implements AbrComponentAPI {
  readonly #hls: Hls;
  readonly #advisor: CoreAdvisor;
  readonly #stopListening: () => void;
  #rungs: Rungs<number> = new Map();
  #first = 0;
  #loading: Fragment | null = null;
  #progress: ReturnType<typeof setInterval> | undefined;
  #stopFollowing: () => void = () => undefined;

  constructor(hls: Hls, advisor: CoreAdvisor) {
    this.#hls = hls;
    this.#advisor = advisor;
    this.#stopListening = this.#listen();
    this.wished(null);
  }

  get nextAutoLevel(): number {
    return this.#rungs.get(this.#advisor.quality)?.value ?? 0;
  }

  /** hls.js sets it along with the level it loads, and after errors: the core decides all the same. */
  set nextAutoLevel(_level: number) {}

  get firstAutoLevel(): number {
    return this.nextAutoLevel;
  }

  get forcedAutoLevel(): number {
    return -1;
  }

  resetEstimator(): void {}

  wished(wish: Wish | null): void {
    const { depth, segmentSeconds } = this.#advisor;
    this.#hls.config.maxMaxBufferLength = wish ? depth + 2 * segmentSeconds : 0;
    const details = wish && this.#hls.levels[this.nextAutoLevel]?.details;
    if (details) this.#place(details);
  }

  abandoned(wish: Wish): void {
    const frag = this.#loading;
    if (frag?.sn !== this.#first + wish.index || this.#qualityOf(frag) !== wish.quality) return;
    const { Events } = this.#hls.constructor as typeof Hls;
    this.#stopWatching();
    frag.abortRequests();
    const { stats } = frag;
    this.#hls.trigger(Events.FRAG_LOAD_EMERGENCY_ABORTED, { frag, part: null, stats });
  }

  destroy(): void {
    this.#stopWatching();
    this.#stopFollowing();
    this.#stopListening();
    this.#advisor.leave();
  }

  #listen(): () => void {
    const hls = this.#hls;
    const { Events } = hls.constructor as typeof Hls;
    const named = () => this.#nameRungs();
    const handlers = [
      [Events.MANIFEST_LOADING, () => this.#advisor.leave()],
      [Events.MANIFEST_PARSED, named],
      [Events.LEVELS_UPDATED, named],
      [
        Events.LEVEL_LOADED,
        (_: string, data: { details: LevelDetails }) => this.#enter(data.details),
      ],
      [
        Events.MEDIA_ATTACHED,
        (_: string, data: { media: HTMLMediaElement }) => this.#attach(data.media),
      ],
      [Events.MEDIA_DETACHING, () => this.#stopFollowing()],
      [Events.FRAG_LOADING, (_: string, data: { frag: Fragment }) => this.#requested(data.frag)],
      [Events.FRAG_BUFFERED, (_: string, data: { frag: Fragment }) => this.#buffered(data.frag)],
      [
        Events.ERROR,
        (_: string, data: { frag?: Fragment }) => data.frag && this.#failed(data.frag),
      ],
    ] as const;
    for (const [event, handler] of handlers) hls.on(event, handler as never);
    return () => {
      for (const [event, handler] of handlers) hls.off(event, handler as never);
    };
  }

  #nameRungs(): void {
    const rungs = this.#hls.levels.map(({ name, averageBitrate, bitrate }, value) => {
      return { value, kbps: (averageBitrate || bitrate) / 1e3, name };
    });
    this.#rungs = nameRungs(rungs);
  }

  #enter(details: LevelDetails): void {
    if (this.#advisor.entered) return this.#place(details);
    const { fragments, startSN, totalduration } = details;
    this.#first = startSN;
    const segment_s = fragments[0]?.duration ?? totalduration;
    const at_s = Math.max(0, this.#hls.config.startPosition, this.#hls.media?.currentTime ?? 0);
    this.#advisor.enter(ladderOf(this.#rungs, segment_s, totalduration), at_s);
    this.#place(details);
  }

  /** Puts every segment where it begins, whatever its playlist's lengths add up to. */
  #place({ fragments }: LevelDetails): void {
    const { segmentSeconds } = this.#advisor;
    for (const frag of fragments) {
      const start_s = (frag.sn - this.#first) * segmentSeconds;
      const isThere = Math.abs(frag.start - start_s) < PLACE_TOLERANCE_S;
      if (start_s > 0 && isThere) frag.setStart(start_s - EARLIER_S);
    }
  }

  #attach(media: HTMLMediaElement): void {
    this.#stopFollowing();
    this.#stopFollowing = follow(media, this.#advisor);
  }

  #requested(frag: Fragment): void {
    const quality = this.#qualityOf(frag);
    if (typeof frag.sn !== 'number' || !quality) return;
    this.#loading = frag;
    this.#advisor.requested(frag.sn - this.#first, quality);
    clearInterval(this.#progress);
    this.#progress = setInterval(() => this.#tellProgress(frag, quality), PROGRESS_MS);
  }

  #tellProgress(frag: Fragment, quality: Quality): void {
    const { loaded } = frag.stats;
    if (loaded > 0) this.#advisor.received(Number(frag.sn) - this.#first, quality, loaded);
  }

  #buffered(frag: Fragment): void {
    const quality = this.#qualityOf(frag);
    if (typeof frag.sn !== 'number' || !quality) return;
    if (this.#loading === frag) this.#stopWatching();
    this.#advisor.completed(frag.sn - this.#first, quality, frag.stats.total, frag.url);
  }

  #failed(frag: Fragment): void {
    const quality = this.#qualityOf(frag);
    // An aborted one is the core's own doing.
    if (this.#loading !== frag || frag.stats.aborted || !quality) return;
    this.#stopWatching();
    this.#advisor.failed(Number(frag.sn) - this.#first, quality, 'transient');
  }

  #stopWatching(): void {
    clearInterval(this.#progress);
    this.#loading = null;
  }

  #qualityOf({ level }: Fragment): Quality | undefined {
    return [...this.#rungs].find(([, { value }]) => value === level)?.[0];
  }
}
