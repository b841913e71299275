// The decision core as the ABR manager of Shaka Player.
//
// Shaka is told of a switch rather than asked for a level: it is told with every wish of the core,
// before the segment is requested. It fetches as long as there is room below its buffering goal:
// there is room exactly while the core has a wish.

import type { Quality } from '@quicksync/player';
import { CoreAdvisor, type Wish } from './advisor.ts';
import { follow } from './follow.ts';
import type { PluginOptions } from './options.ts';
import { ladderOf, nameRungs, type Rungs } from './rungs.ts';

export type { PluginOptions } from './options.ts';
export type { CoreAdvisor, Wish } from './advisor.ts';

/** What is used of a stream; as Shaka describes it. */
export interface ShakaStream {
  readonly originalId: string | null;
  readonly label?: string | null;
  /** Loads the playlist of an HLS rendition, which Shaka forgets with every switch. */
  createSegmentIndex(): Promise<void>;
}

export interface ShakaVariant {
  readonly bandwidth: number;
  readonly audio: ShakaStream | null;
}

export interface ShakaSegment {
  getStartTime(): number;
  getEndTime(): number;
  getUris(): string[];
}

export interface ShakaRequestContext {
  readonly segment?: ShakaSegment;
  readonly stream?: ShakaStream;
}

/** The part of `shaka.Player` that is used. */
export interface ShakaPlayer extends EventTarget {
  configure(config: object): boolean;
  getMediaElement(): HTMLMediaElement | null;
  getNetworkingEngine(): {
    registerRequestFilter(
      filter: (type: number, request: unknown, context?: ShakaRequestContext) => void,
    ): void;
  } | null;
  seekRange(): { readonly start: number; readonly end: number };
}

type Switch = (variant: ShakaVariant, clearBuffer?: boolean, safeMargin?: number) => void;

/** More than any link carries: makes Shaka give up a transfer where the core does. */
const ABANDON_BPS = 1e12;
/** Shaka looks for room this often, seconds. */
const LOOK_S = 0.1;

interface Loading {
  readonly index: number;
  readonly quality: Quality;
  readonly url: string;
  bytes: number;
}

/** Makes `player` follow the core; to be called before it loads anything. */
export function quickSyncShaka(player: ShakaPlayer, options: PluginOptions): CoreAdvisor {
  const manager = new ShakaManager(player, options);
  player.configure({
    abrFactory: () => manager,
    abr: { enabled: true },
    streaming: { updateIntervalSeconds: 2 * LOOK_S, bufferingGoal: 0 },
  });
  return manager.advisor;
}

class ShakaManager {
  readonly advisor: CoreAdvisor;
  readonly #player: ShakaPlayer;
  #variants: readonly ShakaVariant[] = [];
  #rungs: Rungs<ShakaVariant> = new Map();
  #switch: Switch | null = null;
  #enabled = false;
  #abandoning = false;
  #loading: Loading | null = null;
  #stopFollowing: () => void = () => undefined;
  #isFiltering = false;

  constructor(player: ShakaPlayer, options: PluginOptions) {
    this.#player = player;
    this.advisor = new CoreAdvisor(options, {
      wished: (wish) => this.#wished(wish),
      abandoned: () => undefined,
    });
    player.addEventListener('segmentappended', () => this.#appended());
    player.addEventListener('unloading', () => this.advisor.leave());
  }

  // What Shaka calls.

  init(switchCallback: Switch): void {
    this.#switch = switchCallback;
    if (this.#isFiltering) return;
    this.#isFiltering = true;
    const engine = this.#player.getNetworkingEngine();
    engine?.registerRequestFilter((_type, _request, context) => this.#requested(context));
  }

  stop(): void {
    this.#switch = null;
    this.#stopFollowing();
    this.#loading = null;
    this.advisor.leave();
  }

  /** Whatever preloaded the track lets go of it; the player does not. */
  release(): void {}

  setVariants(variants: readonly ShakaVariant[]): boolean {
    const known = new Set(this.#variants);
    if (known.size === variants.length && variants.every((one) => known.has(one))) return false;
    this.#variants = [...variants];
    const rungs = variants.map((value) => {
      const name = value.audio?.label ?? value.audio?.originalId;
      return { value, kbps: value.bandwidth / 1e3, name };
    });
    this.#rungs = nameRungs(rungs);
    return true;
  }

  chooseVariant(): ShakaVariant | undefined {
    return this.#rungs.get(this.advisor.quality)?.value ?? this.#variants[0];
  }

  enable(): void {
    this.#enabled = true;
  }

  disable(): void {
    this.#enabled = false;
  }

  /** Called for every part of a transfer, with what it added. */
  segmentDownloaded(
    _delta_ms: number,
    bytes: number,
    _allowSwitch: boolean,
    _request: unknown,
    context?: ShakaRequestContext,
  ): void {
    const loading = this.#loading;
    if (!loading || context?.segment?.getUris()[0] !== loading.url) return;
    loading.bytes += bytes;
    this.advisor.received(loading.index, loading.quality, loading.bytes);
  }

  trySuggestStreams(): void {}

  getBandwidthEstimate(): number {
    const variant = this.chooseVariant();
    return this.#abandoning ? ABANDON_BPS : (variant?.bandwidth ?? 0);
  }

  playbackRateChanged(): void {}

  setMediaElement(): void {}

  setCmsdManager(): void {}

  configure(): void {}

  // What follows from it.

  #wished(wish: Wish | null): void {
    // While another rendition's playlist is on its way, Shaka would go on with the old one.
    if (wish) void this.#switchTo(wish);
    else this.#goal(0);
  }

  async #switchTo(wish: Wish): Promise<void> {
    const variant = this.#rungs.get(wish.quality)?.value;
    await variant?.audio?.createSegmentIndex();
    if (this.advisor.wish !== wish) return;
    if (variant && this.#enabled) {
      this.#abandoning = this.#loading !== null;
      this.#switch?.(variant, false, 0);
      this.#abandoning = false;
    }
    this.#goal(this.advisor.depth + 2 * this.advisor.segmentSeconds);
  }

  #goal(bufferingGoal: number): void {
    this.#player.configure({ streaming: { bufferingGoal } });
  }

  #requested(context: ShakaRequestContext | undefined): void {
    const { segment, stream } = context ?? {};
    if (!segment || !stream) return;
    const [start_s, end_s] = [segment.getStartTime(), segment.getEndTime()];
    if (!this.advisor.entered) this.#enter(end_s - start_s, start_s);
    const quality = [...this.#rungs].find(([, { value }]) => value.audio === stream)?.[0];
    if (!quality) return;
    const index = this.advisor.indexAt(start_s);
    this.#loading = { index, quality, url: segment.getUris()[0] ?? '', bytes: 0 };
    this.advisor.requested(index, quality);
  }

  #enter(segment_s: number, start_s: number): void {
    const { start, end } = this.#player.seekRange();
    const element = this.#player.getMediaElement();
    this.#stopFollowing();
    if (element) this.#stopFollowing = follow(element, this.advisor);
    this.advisor.enter(ladderOf(this.#rungs, segment_s, end - start), start_s);
  }

  #appended(): void {
    const loading = this.#loading;
    if (!loading) return;
    this.#loading = null;
    this.advisor.completed(loading.index, loading.quality, loading.bytes, loading.url);
  }
}
