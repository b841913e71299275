// A value many may watch and one may change. Never computes anything itself.

export type Unsubscribe = () => void;

/** The side that components see. */
export interface ReadableStore<State> {
  readonly state: State;
  /** Calls `listener` when what `select` picks is no longer the same (`Object.is`). */
  subscribe<Part>(select: (state: State) => Part, listener: (part: Part) => void): Unsubscribe;
}

/** The side that the engine keeps to itself. */
export interface Store<State> extends ReadableStore<State> {
  patch(change: Partial<State>): void;
}

export function createStore<State extends object>(initial: State): Store<State> {
  let state = initial;
  const watchers = new Set<() => void>();
  return {
    get state() {
      return state;
    },
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
    patch(change) {
      const keys = Object.keys(change) as (keyof State)[];
      if (keys.every((key) => Object.is(state[key], change[key]))) return;
      state = { ...state, ...change };
      for (const watch of watchers) watch();
    },
  };
}
