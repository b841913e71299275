// A player that does what it is told in its state, and makes no sound.

import {
  createStore,
  INITIAL_STATE,
  type CoreAction,
  type Player,
  type PlayerState,
  type QueueTrack,
  type Witness,
} from '@quicksync/player';
import { vi } from 'vitest';

export interface FakePlayer extends Player {
  show(state: Partial<PlayerState>): void;
  decide(output: CoreAction): void;
}

export const TRACKS: readonly QueueTrack[] = [
  { id: 'a', title: 'First', artist: 'Somebody' },
  { id: 'b', title: 'Second' },
];

export function fakePlayer(): FakePlayer {
  const store = createStore<PlayerState>(INITIAL_STATE);
  const watchers = new Set<Witness>();
  const { patch } = store;
  const goTo = (queue: readonly QueueTrack[], index: number) =>
    patch({ queue, index, track: queue[index] ?? null });
  const fake = {
    get state() {
      return store.state;
    },
    subscribe: store.subscribe,
    show: patch,
    decide: (output: CoreAction) => {
      for (const watcher of watchers) watcher({ at: 0 as never, output });
    },
    load: vi.fn((queue: readonly QueueTrack[], index = 0) => goTo(queue, index)),
    updateQueue: vi.fn(goTo),
    play: vi.fn(() => patch({ wantsToPlay: true, status: 'playing' })),
    pause: vi.fn(() => patch({ wantsToPlay: false, status: 'paused' })),
    seek: vi.fn((position: number) => patch({ position: position as never })),
    next: vi.fn(() => goTo(store.state.queue, store.state.index + 1)),
    previous: vi.fn(() => goTo(store.state.queue, store.state.index - 1)),
    setVolume: vi.fn((volume: number) => patch({ volume })),
    mute: vi.fn((muted: boolean) => patch({ muted })),
    setMode: vi.fn((mode: PlayerState['mode']) => patch({ mode })),
    watch: (watcher: Witness) => {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    decisionLog: () => '',
    destroy: vi.fn(),
  };
  const idle = ['setRate', 'setLeveling', 'overrideQuality', 'applyPreferences'];
  const rest = ['applyBufferSettings', 'applyHostLoad', 'applyNetworkEstimate'];
  const quiet = Object.fromEntries([...idle, ...rest].map((name) => [name, vi.fn()]));
  // A spread would read the getter once.
  return Object.assign(fake, quiet) as unknown as FakePlayer;
}
