// A core that fills the buffer at the quality a test sets, and plays as soon as it has a segment.

import type {
  CoreConfig,
  CoreEstimate,
  CoreInput,
  CoreOutput,
  CoreSession,
  DecisionCore,
  SegmentKey,
  SegmentLadder,
} from '../core/contract.ts';
import { QUALITIES, type Quality } from '../preferences.ts';
import { micros, type Micros } from '../units.ts';

interface Held {
  readonly number: number;
  readonly ladder: SegmentLadder;
  readonly held: Map<number, Quality>;
}

const RETRY_US = 500_000;

export class FakeCore implements DecisionCore, CoreSession {
  /** Of auto mode. */
  quality: Quality = 'medium';
  /** Outputs to give before any of its own. */
  readonly forced: CoreOutput[] = [];
  readonly inputs: CoreInput[] = [];
  config: CoreConfig | null = null;
  freed = false;
  believed: CoreEstimate | null = null;
  #now = 0;
  #tracks: Held[] = [];
  #under: (SegmentKey & { quality: Quality }) | null = null;
  #wanted = false;
  #ever = false;
  #running = false;
  #positionUs = 0;
  #retryAt = 0;

  begin(config: CoreConfig, number: number, ladder: SegmentLadder, now: Micros): CoreSession {
    this.config = config;
    this.#now = now;
    this.#tracks = [{ number, ladder, held: new Map() }];
    this.#under = null;
    return this;
  }

  of<Type extends CoreInput['type']>(type: Type): Extract<CoreInput, { type: Type }>[] {
    return this.inputs.filter((input) => input.type === type) as never;
  }

  handle(now: Micros, input: CoreInput): void {
    if (now < this.#now) throw new Error('time ran backwards');
    this.#now = now;
    this.inputs.push(input);
    switch (input.type) {
      case 'play_pressed':
        this.#wanted = this.#ever = true;
        break;
      case 'pause_pressed':
        this.#wanted = this.#running = false;
        break;
      case 'stall_started':
        this.#running = false;
        break;
      case 'seeked':
      case 'playhead_at':
        this.#running &&= input.type !== 'seeked';
        this.#tracks = this.#tracks.slice(this.#tracks.findIndex((t) => t.number === input.track));
        this.#positionUs = input.positionUs;
        break;
      case 'next_track':
        this.#tracks.length = 1;
        if (input.next)
          this.#tracks.push({
            number: input.next.track,
            ladder: input.next.ladder,
            held: new Map(),
          });
        break;
      case 'segment_completed':
      case 'segment_held':
        this.#under = null;
        this.#track(input.segment)?.held.set(input.segment.index, input.quality);
        break;
      case 'segment_evicted':
        this.#track(input.segment)?.held.delete(input.segment.index);
        break;
      case 'segment_failed':
        this.#under = null;
        this.#retryAt = now + RETRY_US;
        break;
      case 'cap_changed':
        this.config = { ...this.config!, limits: input.limits };
    }
  }

  poll(): CoreOutput {
    const forced = this.forced.shift();
    if (forced) return forced;
    if (this.#wanted && !this.#running && this.#aheadSegments() > 0) {
      this.#running = true;
      return { type: 'play', code: 'ready', reason: 'Playing' };
    }
    return this.#fill() ?? this.#idle();
  }

  estimate = (): CoreEstimate | null => this.believed;

  log = (): string => this.inputs.map((input) => JSON.stringify(input)).join('\n');

  free(): void {
    this.freed = true;
  }

  #fill(): CoreOutput | null {
    const mayFetch = this.#ever || this.config?.preload === 'auto';
    const present = this.#tracks[0]!;
    // A transfer of a track that is gone is no use.
    if (this.#under && !this.#tracks.some((t) => t.number === this.#under!.track))
      this.#under = null;
    if (this.#under || !mayFetch || this.#now < this.#retryAt) return null;
    const ahead = this.#aheadSegments();
    if (ahead * 3.84 >= this.config!.limits.max) return null;
    const first = this.#segmentAt() + ahead;
    for (const track of this.#tracks) {
      const from = track === present ? first : 0;
      const count = Math.ceil(track.ladder.durationUs / track.ladder.segmentUs);
      for (let index = from; index < count; index += 1) {
        if (!track.held.has(index)) return this.#fetch(track, index);
      }
    }
    return null;
  }

  #fetch(track: Held, index: number): CoreOutput {
    const { mode } = this.config!.limits;
    const free = mode === 'auto' ? this.quality : mode;
    const places = [free, this.config!.limits.cap ?? 'ultra'].map((one) => QUALITIES.indexOf(one));
    const wanted = QUALITIES[Math.min(...places)]!;
    const offered = Object.keys(track.ladder.segmentBytes) as Quality[];
    const quality = offered.includes(wanted) ? wanted : (offered[0] ?? wanted);
    const segment = { track: track.number, index };
    this.#under = { ...segment, quality };
    const type = track === this.#tracks[0] ? 'fetch' : 'prefetch';
    return { type, segment, quality, code: 'kept', reason: `Staying at ${quality}` };
  }

  #idle(): CoreOutput {
    const wakeAt = micros(Math.max(this.#now + RETRY_US, this.#retryAt));
    return { type: 'idle', wakeAt, code: 'waiting', reason: 'Waiting' };
  }

  #track(segment: SegmentKey): Held | undefined {
    return this.#tracks.find(({ number }) => number === segment.track);
  }

  #segmentAt(): number {
    return Math.floor(this.#positionUs / this.#tracks[0]!.ladder.segmentUs);
  }

  #aheadSegments(): number {
    let ahead = 0;
    while (this.#tracks[0]!.held.has(this.#segmentAt() + ahead)) ahead += 1;
    return ahead;
  }
}
