// The decision core beside a player of somebody else's: hears what that player does, and says which
// segment to fetch next and how well. The player fetches, decodes and plays as ever.
//
// Such a player fetches in order and keeps what it has: a better copy of a held segment is declined.

import type { NetworkKind, Quality, SegmentLadder, Unsubscribe } from '@quicksync/player';
import {
  browserClock,
  CoreDriver,
  coreConfig,
  limits,
  micros,
  networkKind,
  seconds,
  secondsToMicros,
  watchCache,
  watchHints,
  bytes as size,
  type CoreAction,
  type HintScope,
  type Settings,
  type Witness,
} from '@quicksync/player/core';
import { settingsOf, type PluginOptions } from './options.ts';

/** What the core wants fetched now. */
export interface Wish {
  readonly index: number;
  readonly quality: Quality;
  /** One sentence for a person, without a full stop. */
  readonly reason: string;
}

/** The player's side of it. */
export interface AdvisedHost {
  /** Another wish than before; `null`: fetch nothing now. */
  wished(wish: Wish | null): void;
  /** Cancel the transfer of this segment, if it is still under way. */
  abandoned(wish: Wish): void;
}

/** Of the first segment, unless told. */
export const START: Quality = 'medium';

export class CoreAdvisor {
  readonly #options: PluginOptions;
  readonly #host: AdvisedHost;
  readonly #cache = watchCache();
  readonly #held = new Map<number, Quality>();
  readonly #watchers = new Set<Witness>();
  readonly #stopHints: () => void;
  #settings: Settings;
  #driver: CoreDriver | null = null;
  #ladder: SegmentLadder | null = null;
  #track = -1;
  #wish: Wish | null = null;
  #last: Quality;
  #plays = false;

  constructor(options: PluginOptions, host: AdvisedHost) {
    const scope = options.scope ?? (globalThis as unknown as HintScope);
    this.#options = options;
    this.#host = host;
    this.#settings = settingsOf(options, scope);
    this.#last = options.startQuality ?? START;
    this.#stopHints = watchHints(scope, {
      networkChanged: () => this.#networkChanged(networkKind(scope)),
      pressure: (pressure) => this.#driver?.tell({ type: 'device_pressure', pressure }),
      leaving: () => undefined,
    });
  }

  get wish(): Wish | null {
    return this.#wish;
  }

  /** The quality to fetch at whatever happens; changes with the wish alone. */
  get quality(): Quality {
    return this.#wish?.quality ?? this.#last;
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** Seconds of media that the core may ever want ahead. */
  get depth(): number {
    return limits(this.#settings).depth;
  }

  get segmentSeconds(): number {
    return (this.#ladder?.segmentUs ?? 0) / 1e6;
  }

  /** Whether a track is being played; see `enter`. */
  get entered(): boolean {
    return this.#ladder !== null;
  }

  /** Another track, from `position_s` on; what was learned of the network stays. */
  enter(ladder: SegmentLadder, position_s = 0): void {
    this.#held.clear();
    this.#setWish(null);
    this.#track += 1;
    const next = { track: this.#track, ladder };
    this.#ladder = ladder;
    if (this.#driver) {
      this.#driver.tell({ type: 'next_track', next });
      this.seeked(position_s);
    } else {
      this.#begin(ladder);
      if (position_s > 0) this.seeked(position_s);
    }
  }

  /** The track is gone; the next one must be entered. */
  leave(): void {
    this.#ladder = null;
    this.#setWish(null);
  }

  /** Which segment sounds at `at_s`. */
  indexAt(at_s: number): number {
    return Math.floor(at_s / Math.max(this.segmentSeconds, 1e-3) + 1e-6);
  }

  play(): void {
    this.#plays = true;
    this.#driver?.tell({ type: 'play_pressed' });
  }

  pause(position_s: number): void {
    this.#plays = false;
    this.moved(position_s);
    this.#driver?.tell({ type: 'pause_pressed' });
  }

  stalled(): void {
    this.#driver?.tell({ type: 'stall_started' });
  }

  /** The sound runs. */
  sounded(): void {
    this.#driver?.tell({ type: 'stall_ended' });
  }

  moved(position_s: number): void {
    this.#driver?.tell({ type: 'playhead_at', ...this.#at(position_s) });
  }

  seeked(position_s: number): void {
    this.#driver?.tell({ type: 'seeked', ...this.#at(position_s) });
  }

  requested(index: number, quality: Quality): void {
    const wish = this.#wish;
    if (wish && wish.index !== index) {
      // The player goes its own way: what the core waits for will not come.
      this.#driver?.tell({ type: 'segment_failed', ...this.#named(wish), failure: 'transient' });
    }
    this.#driver?.tell({ type: 'segment_requested', ...this.#named({ index, quality }) });
  }

  received(index: number, quality: Quality, bytes: number): void {
    const of = this.#named({ index, quality });
    this.#driver?.tell({ type: 'bytes_received', ...of, bytes: size(bytes) });
  }

  /** It is in the player's buffer. */
  completed(index: number, quality: Quality, bytes: number, url: string): void {
    const { session } = this.#driver ?? {};
    if (!session) return;
    const wish = this.#wish;
    const cached = this.#cache.wasCached(url);
    if (wish?.index === index) {
      this.#setWish(null);
      this.#held.set(index, quality);
      const isSame = wish.quality === quality;
      // What comes instead of what was wished for says nothing of that.
      const told = { bytes: size(isSame ? bytes : 0), cached: cached || !isSame };
      this.#driver?.tell({ type: 'segment_completed', ...this.#named(wish), ...told });
      if (isSame) return;
    }
    this.#held.set(index, quality);
    this.#driver?.tell({ type: 'segment_held', ...this.#named({ index, quality }) });
  }

  failed(index: number, quality: Quality, failure: 'transient' | 'missing'): void {
    const of = { index, quality };
    if (this.#isWish(of)) this.#setWish(null);
    this.#driver?.tell({ type: 'segment_failed', ...this.#named(of), failure });
  }

  /** Takes note of what the player has thrown away, from segment `from` on. */
  reconcile(isBuffered: (at_s: number) => boolean, from = 0): void {
    for (const index of this.#held.keys()) {
      if (index < from || isBuffered(this.#middle(index))) continue;
      this.#held.delete(index);
      const segment = { track: this.#track, index };
      this.#driver?.tell({ type: 'segment_evicted', segment });
    }
  }

  /** Preferences, buffer settings or network kind. */
  change(change: Partial<Settings>): void {
    const { networkKind: before } = this.#settings;
    this.#settings = { ...this.#settings, ...change };
    if (change.networkKind && change.networkKind !== before)
      this.#networkChanged(change.networkKind);
    this.#driver?.tell({ type: 'cap_changed', limits: limits(this.#settings) });
  }

  /** Everything told and answered, replayable elsewhere to the same decisions. */
  decisionLog = (): string => this.#driver?.session.log() ?? '';

  watch(watcher: Witness): Unsubscribe {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** Ends it; the decision log can be read before. */
  destroy(): void {
    this.#stopHints();
    this.#cache.stop();
    this.#driver?.stop();
    this.#driver?.session.free();
    this.#driver = null;
    this.leave();
  }

  #networkChanged(kind: NetworkKind): void {
    this.#settings = { ...this.#settings, networkKind: kind };
    const { prior } = coreConfig(this.#settings, START);
    this.#driver?.tell({ type: 'network_changed', kind, prior });
  }

  #begin(ladder: SegmentLadder): void {
    const { core, clock = browserClock, startQuality = START } = this.#options;
    const config = coreConfig(this.#settings, startQuality);
    const session = core.begin(config, this.#track, ladder, clock.now());
    const witness: Witness = (event) => {
      for (const watcher of this.#watchers) watcher(event);
    };
    this.#driver = new CoreDriver(session, clock, (action) => this.#perform(action), witness);
    this.#driver.tell({ type: this.#plays ? 'play_pressed' : 'timeout' });
  }

  #perform(action: CoreAction): void {
    // The player starts the sound by itself and is heard doing it.
    if (action.type === 'play') return;
    const { segment, quality, reason, type } = action;
    if (segment.track !== this.#track) return;
    const wish = { index: segment.index, quality, reason };
    if (type === 'fetch') return this.#setWish(wish);
    if (type === 'abandon') {
      if (this.#isWish(wish)) this.#setWish(null);
      // The player may ask at once what to fetch instead: the core is to have said so first.
      return queueMicrotask(() => this.#host.abandoned(wish));
    }
    this.#driver?.tell({ type: 'segment_failed', segment, quality, failure: 'missing' });
  }

  #setWish(wish: Wish | null): void {
    if (wish === this.#wish) return;
    this.#wish = wish;
    this.#last = wish?.quality ?? this.#last;
    this.#host.wished(wish);
  }

  #isWish(of: Pick<Wish, 'index' | 'quality'>): boolean {
    return this.#wish?.index === of.index && this.#wish.quality === of.quality;
  }

  #named({ index, quality }: Pick<Wish, 'index' | 'quality'>) {
    return { segment: { track: this.#track, index }, quality };
  }

  #at(position_s: number) {
    const positionUs = micros(Math.max(0, secondsToMicros(seconds(position_s))));
    return { track: this.#track, positionUs };
  }

  #middle(index: number): number {
    const { segmentUs, durationUs } = this.#ladder ?? { segmentUs: 0, durationUs: 0 };
    const start = index * segmentUs;
    return (start + Math.min(start + segmentUs, durationUs)) / 2e6;
  }
}
