// The engine's line to the decision core: one session for all tracks, so that what it learned of
// the network is never forgotten between two of them.

import type { CoreEstimate, CoreInput, CoreLimits, DecisionCore } from '../core/contract.ts';
import { CoreDriver, type CoreAction, type Witness } from '../core/driver.ts';
import { segmentLadder } from '../net/manifest.ts';
import type { Clock } from '../platform.ts';
import type { DevicePressure, HostLoad, NetworkKind } from '../preferences.ts';
import type { Unsubscribe } from '../store.ts';
import { micros, secondsToMicros, type Seconds } from '../units.ts';
import { coreConfig, limits, prior, type Settings } from './settings.ts';
import type { TrackRun } from './trackRun.ts';

/** The core extrapolates between two of them while the sound runs. */
const POSITION_INTERVAL_US = 1_000_000;

export class CoreLink {
  settings: Settings;
  readonly #clock: Clock;
  readonly #watchers = new Set<Witness>();
  readonly #perform: (action: CoreAction) => void;
  readonly #believed: (estimate: CoreEstimate | null) => void;
  #core: DecisionCore | null = null;
  #driver: CoreDriver | null = null;
  #load: HostLoad | null = null;
  #pressure: DevicePressure | null = null;
  #toldPositionAt = -Infinity;
  #everPressed = false;

  /** `believed` is told what the core believes whenever it has come to rest. */
  constructor(
    settings: Settings,
    clock: Clock,
    perform: (action: CoreAction) => void,
    believed: (estimate: CoreEstimate | null) => void,
  ) {
    this.settings = settings;
    this.#clock = clock;
    this.#perform = perform;
    this.#believed = believed;
  }

  tell(input: CoreInput): void {
    if (input.type === 'play_pressed') this.#everPressed = true;
    this.#driver?.tell(input);
  }

  /** Makes `run` the present track, heard from `position` on. */
  enter(core: DecisionCore, run: TrackRun, position: Seconds): void {
    this.#core = core;
    if (this.#driver) this.announce(run);
    else this.#begin(core, run);
    if (this.#toldPositionAt > -Infinity || position > 0) this.seeked(run, position);
    this.#toldPositionAt = this.#clock.now();
  }

  announce(next: TrackRun | null): void {
    const track = next && { track: next.number, ladder: segmentLadder(next.manifest) };
    this.tell({ type: 'next_track', next: track });
  }

  seeked(run: TrackRun, position: Seconds): void {
    this.tell({ type: 'seeked', track: run.number, positionUs: secondsToMicros(position) });
  }

  tellPosition(run: TrackRun, force = false): void {
    const now = this.#clock.now();
    if (!force && now - this.#toldPositionAt < POSITION_INTERVAL_US) return;
    this.#toldPositionAt = now;
    const positionUs = micros(Math.max(0, secondsToMicros(run.position)));
    this.tell({ type: 'playhead_at', track: run.number, positionUs });
  }

  /** `run` is the present track, if there is one. */
  change(change: Partial<Settings>, run: TrackRun | null): void {
    const before = this.settings;
    this.settings = { ...before, ...change };
    const preload = before.buffer.preload !== this.settings.buffer.preload;
    // What is fetched before play is fixed when a session begins.
    if (preload && run && this.#core && !this.#everPressed) this.#restart(this.#core, run);
    else if (isChanged(limits(before), limits(this.settings))) {
      this.tell({ type: 'cap_changed', limits: limits(this.settings) });
    }
  }

  networkChanged(kind: NetworkKind): void {
    this.settings = { ...this.settings, networkKind: kind };
    this.tell({ type: 'network_changed', kind, prior: prior(null) });
  }

  hostLoad(load: HostLoad): void {
    this.#load = load;
    this.tell({ type: 'host_load', load });
  }

  pressure(pressure: DevicePressure): void {
    this.#pressure = pressure;
    this.tell({ type: 'device_pressure', pressure });
  }

  watch(watcher: Witness): Unsubscribe {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  log(): string {
    return this.#driver?.session.log() ?? '';
  }

  stop(): void {
    this.#driver?.stop();
    this.#driver?.session.free();
    this.#driver = null;
  }

  #begin(core: DecisionCore, run: TrackRun): void {
    const config = coreConfig(this.settings, run.manifest.startQuality);
    const ladder = segmentLadder(run.manifest);
    const session = core.begin(config, run.number, ladder, this.#clock.now());
    const witness: Witness = (event) => {
      for (const watcher of this.#watchers) watcher(event);
    };
    const rested = () => this.#believed(session.estimate());
    this.#driver = new CoreDriver(session, this.#clock, this.#perform, witness, rested);
    if (this.#load) this.hostLoad(this.#load);
    if (this.#pressure) this.pressure(this.#pressure);
    this.#driver.tell({ type: 'timeout' });
  }

  #restart(core: DecisionCore, run: TrackRun): void {
    this.stop();
    run.abandonAll();
    this.#begin(core, run);
    for (const [index, quality] of run.map.held) {
      this.tell({ type: 'segment_held', segment: { track: run.number, index }, quality });
    }
    if (run.position > 0) this.seeked(run, run.position);
  }
}

const isChanged = (before: CoreLimits, after: CoreLimits): boolean =>
  (Object.keys(after) as (keyof CoreLimits)[]).some((key) => before[key] !== after[key]);
