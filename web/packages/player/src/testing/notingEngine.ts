// An engine that notes what it is asked and shows what a test says.

import type { AudioEngine } from '../engine/audioEngine.ts';
import { INITIAL_ENGINE_STATE, type EngineState } from '../state.ts';
import { createStore } from '../store.ts';

export type NotingEngine = AudioEngine & {
  /** `play`, or `seek 12`, in order. */
  readonly asked: string[];
  show(change: Partial<EngineState>): void;
};

const NAMES = ['load', 'enqueue', 'play', 'pause', 'seek', 'setMode', 'overrideQuality', 'setRate'];
const MORE = ['setCrossfade', 'setVolume', 'mute', 'setLeveling', 'advise', 'destroy'];

export function notingEngine(log = ''): NotingEngine {
  const store = createStore<EngineState>(INITIAL_ENGINE_STATE);
  const asked: string[] = [];
  const note = (name: string) => (value?: unknown) => {
    const said = typeof value === 'object' && value ? JSON.stringify(value) : String(value ?? '');
    asked.push(`${name} ${said}`.trim());
  };
  const methods = Object.fromEntries([...NAMES, ...MORE].map((name) => [name, note(name)]));
  const fake = {
    get state() {
      return store.state;
    },
    subscribe: store.subscribe,
    watch: () => (asked.push('watch'), () => void asked.push('unwatch')),
    decisionLog: () => log,
    show: store.patch,
    asked,
  };
  // A spread would read the getter once.
  return Object.assign(fake, methods) as unknown as NotingEngine;
}
