// Turns what a player shows into playback sessions and what happens in them. A session begins when
// the listener asks for sound, goes on from track to track, and ends with the listener's next
// choice, the end of the queue, or the page. Sends nothing.

import type { Witness } from '../core/driver.ts';
import type { Clock } from '../platform.ts';
import type { Quality } from '../preferences.ts';
import type { PlayerState, QueueTrack } from '../state.ts';
import type { Early } from './early.ts';
import { Waste } from './waste.ts';

/** As the server takes it; times in Unix seconds. */
export interface SessionEvent {
  readonly type: string;
  readonly at: number;
  readonly duration_ms?: number;
  readonly quality?: Quality;
  readonly from?: Quality;
  readonly to?: Quality;
  readonly bytes?: number;
}

export interface RecorderHost {
  begin(track: QueueTrack): void;
  add(event: SessionEvent): void;
  end(): void;
}

/** The sound moves on in steps of a quarter of a second; more than this at once is a jump. */
const LONGEST_STEP_S = 2;
/** The server takes nothing longer: a day, as after a long sleep. */
const LONGEST_MS = 86_400_000;
/** At the next join after this much was heard another session begins: no report grows for ever, and
 * the server compares sessions of up to a quarter of an hour with what was possible. */
const LONGEST_SESSION_S = 14 * 60;

export class Recorder {
  readonly #clock: Clock;
  readonly #host: RecorderHost;
  readonly #waste = new Waste((bytes) => this.#add({ type: 'wasted', bytes }));
  readonly #requested = new Map<string, { readonly at: number; bytes: number }>();
  #lasting = false;
  #track: QueueTrack | null = null;
  /** The track has changed: gone on, or chosen? */
  #undecided = false;
  #pressedAt: number | null = null;
  #stalledAt: number | null = null;
  #wanted = false;
  #position: number | null = null;
  #quality: Quality | null = null;
  #heardMs = 0;
  #sessionS = 0;
  #coreTrack = -1;

  constructor(clock: Clock, host: RecorderHost) {
    this.#clock = clock;
    this.#host = host;
  }

  /** The player shows something else. */
  follow(state: PlayerState): void {
    const { track, status, wantsToPlay } = state;
    if (track !== this.#track) {
      this.#track = track;
      this.#undecided = true;
      this.#position = null;
    }
    if (this.#undecided && status !== 'playing') this.#choose();
    const over = status === 'ended' || status === 'error' || status === 'idle';
    if (over) this.end();
    else if (!this.#lasting && track && wantsToPlay) this.#begin(track, status !== 'playing');
    if (this.#lasting) this.#note(state);
  }

  /** What the core is told and answers. */
  readonly witness: Witness = (event) => {
    if ('output' in event) {
      const { output } = event;
      if (output.type !== 'abandon') return;
      const key = keyOf(output.segment);
      this.#add({ type: 'abandon', bytes: this.#requested.get(key)?.bytes ?? 0 });
      this.#requested.delete(key);
      return;
    }
    const { input, at } = event;
    if (input.type === 'segment_requested') {
      this.#requested.set(keyOf(input.segment), { at, bytes: 0 });
    } else if (input.type === 'bytes_received') {
      const under = this.#requested.get(keyOf(input.segment));
      if (under) under.bytes = input.bytes;
    } else if (input.type === 'segment_completed') {
      const under = this.#requested.get(keyOf(input.segment));
      this.#requested.delete(keyOf(input.segment));
      const duration_ms = under ? (at - under.at) / 1e3 : 0;
      if (!input.cached) this.#add({ type: 'fetched', bytes: input.bytes, duration_ms });
    } else if (input.type === 'seeked' || input.type === 'playhead_at') {
      const same = input.track === this.#coreTrack;
      this.#coreTrack = input.track;
      if (same && input.type === 'seeked') this.#seeked();
    }
    this.#waste.hear(input);
  };

  /** What happened before anyone recorded it. */
  catchUp(state: PlayerState, { events, pressedAt }: Early): void {
    this.follow(state);
    if (this.#lasting && pressedAt !== null) {
      const { status, position, playing } = state;
      this.#pressedAt = pressedAt;
      if (status === 'playing') this.#sounds(position);
      if (status === 'playing' && playing) this.#hear(playing.quality, position);
    }
    for (const event of events) this.witness(event);
  }

  /** What was heard and not told yet is told. */
  flush(): void {
    const { quality, ms } = { quality: this.#quality, ms: Math.round(this.#heardMs) };
    if (!quality || ms === 0) return;
    this.#heardMs = 0;
    this.#add({ type: 'heard', quality, duration_ms: ms });
  }

  end(): void {
    if (!this.#lasting) return;
    this.#stallEnds();
    this.flush();
    this.#waste.leave();
    this.#add({ type: 'end' });
    this.#lasting = false;
    this.#host.end();
  }

  #begin(track: QueueTrack, fromSilence: boolean): void {
    this.#lasting = true;
    this.#pressedAt = fromSilence ? this.#clock.now() : null;
    this.#wanted = true;
    this.#quality = null;
    this.#sessionS = 0;
    this.#host.begin(track);
  }

  #choose(): void {
    this.#undecided = false;
    this.end();
  }

  #note({ status, position, playing, wantsToPlay }: PlayerState): void {
    if (!wantsToPlay) this.#pressedAt = null;
    else if (!this.#wanted && this.#sessionS === 0) this.#pressedAt = this.#clock.now();
    this.#wanted = wantsToPlay;
    if (status === 'stalled') this.#stalledAt ??= this.#clock.now();
    else this.#stallEnds();
    if (status !== 'playing') {
      this.#position = null;
      return;
    }
    const step = this.#position === null ? 0 : position - this.#position;
    this.#position = position;
    if (step <= 0 || step > LONGEST_STEP_S) return;
    if (this.#undecided) this.#wentOn();
    this.#sounds(step);
    this.#waste.heard(position);
    if (playing) this.#hear(playing.quality, step);
  }

  /** The first sound is a step ago. */
  #sounds(step: number): void {
    if (this.#pressedAt === null) return;
    const duration_ms = (this.#clock.now() - this.#pressedAt) / 1e3 - step * 1e3;
    this.#pressedAt = null;
    this.#add({ type: 'startup', duration_ms: Math.max(0, duration_ms) });
  }

  #hear(quality: Quality, step: number): void {
    if (quality !== this.#quality) {
      this.flush();
      if (this.#quality) this.#add({ type: 'switch', from: this.#quality, to: quality });
      this.#quality = quality;
    }
    this.#heardMs += step * 1e3;
    this.#sessionS += step;
  }

  /** From one track into the next, without anyone's doing. */
  #wentOn(): void {
    this.#undecided = false;
    if (this.#sessionS < LONGEST_SESSION_S || !this.#track) return;
    this.end();
    this.#begin(this.#track, false);
  }

  #seeked(): void {
    this.#position = null;
    this.#add({ type: 'seek' });
  }

  #stallEnds(): void {
    if (this.#stalledAt === null) return;
    const duration_ms = (this.#clock.now() - this.#stalledAt) / 1e3;
    this.#stalledAt = null;
    this.#add({ type: 'stall', duration_ms });
  }

  #add(event: Omit<SessionEvent, 'at'>): void {
    if (!this.#lasting) return;
    const { duration_ms: ms } = event;
    const within = ms === undefined ? {} : { duration_ms: Math.min(ms, LONGEST_MS) };
    this.#host.add({ ...event, ...within, at: this.#clock.wall() });
  }
}

const keyOf = ({ track, index }: { readonly track: number; readonly index: number }): string =>
  `${track} ${index}`;
