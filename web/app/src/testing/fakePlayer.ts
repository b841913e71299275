// A player of nothing: it holds state, answers requests at once and remembers them.

import { INITIAL_STATE, type Player, type PlayerState, type Witness } from '@quicksync/player';

export interface FakePlayer extends Player {
  readonly calls: readonly (readonly [string, ...unknown[]])[];
  patch(change: Partial<PlayerState>): void;
  /** As if the core had been told or had answered this. */
  show(event: Parameters<Witness>[0]): void;
}

export function fakePlayer(initial: Partial<PlayerState> = {}): FakePlayer {
  let state: PlayerState = { ...INITIAL_STATE, ...initial };
  const watchers = new Set<() => void>();
  const witnesses = new Set<Witness>();
  const calls: [string, ...unknown[]][] = [];
  const patch = (change: Partial<PlayerState>) => {
    state = { ...state, ...change };
    for (const watch of Array.from(watchers)) watch();
  };
  const note =
    <Arguments extends unknown[]>(
      name: string,
      change?: (...given: Arguments) => Partial<PlayerState>,
    ) =>
    (...given: Arguments) => {
      calls.push([name, ...given]);
      if (change) patch(change(...given));
    };
  const at = (index: number): Partial<PlayerState> => {
    const track = state.queue[index];
    return track ? { index, track, position: 0 as PlayerState['position'] } : {};
  };
  return {
    get state() {
      return state;
    },
    calls,
    patch,
    show: (event) => witnesses.forEach((witness) => witness(event)),
    subscribe(select, listener) {
      let seen = select(state);
      const watch = () => {
        const next = select(state);
        if (Object.is(seen, next)) return;
        seen = next;
        listener(next);
      };
      watchers.add(watch);
      return () => void watchers.delete(watch);
    },
    load: note('load', (queue: PlayerState['queue'], index = 0, options?: { play?: boolean }) => ({
      queue,
      index,
      track: queue[index] ?? null,
      duration: (queue[index]?.duration ?? 0) as PlayerState['duration'],
      position: 0 as PlayerState['position'],
      status: options?.play ? 'playing' : 'ready',
      wantsToPlay: options?.play ?? false,
    })),
    updateQueue: note('updateQueue', (queue: PlayerState['queue'], index: number) => ({
      queue,
      index,
    })),
    play: note('play', () => ({ status: 'playing', wantsToPlay: true })),
    pause: note('pause', () => ({ status: 'paused', wantsToPlay: false })),
    seek: note('seek', (position: number) => ({ position: position as PlayerState['position'] })),
    next: note('next', () => at(state.index + 1)),
    previous: note('previous', () => at(Math.max(0, state.index - 1))),
    setVolume: note('setVolume', (volume: number) => ({ volume })),
    setCrossfade: note('setCrossfade', (crossfade: PlayerState['crossfade']) => ({ crossfade })),
    declareNetwork: note('declareNetwork'),
    applyBounds: note('applyBounds'),
    setRate: note('setRate', (rate: number) => ({ rate })),
    overrideQuality: note('overrideQuality', (override: PlayerState['override']) => ({ override })),
    setLeveling: note('setLeveling', (leveling: PlayerState['leveling']) => ({ leveling })),
    mute: note('mute', (muted: boolean) => ({ muted })),
    setMode: note('setMode', (mode: PlayerState['mode']) => ({ mode })),
    applyPreferences: note('applyPreferences'),
    applyBufferSettings: note('applyBufferSettings'),
    applyHostLoad: note('applyHostLoad'),
    applyNetworkEstimate: note('applyNetworkEstimate'),
    decisionLog: () => '',
    watch(watcher) {
      witnesses.add(watcher);
      return () => void witnesses.delete(watcher);
    },
    destroy: note('destroy'),
  };
}
