// A player that is still on its way: the page is there before the code that makes sound is. What it
// is asked to do meanwhile it does when it comes; until then nothing plays.

import { INITIAL_STATE, type Player, type PlayerState } from '@quicksync/player';

type Follow = (player: Player) => void;

/** `failure`: the sentence to show if it never comes. */
export function deferPlayer(coming: Promise<Player>, failure: string): Player {
  let there: Player | null = null;
  let state: PlayerState = INITIAL_STATE;
  const asked = new Set<Follow>();
  /** Does it now or when there is a player; the answer takes it back. */
  const ask = (deed: Follow) => {
    if (there) deed(there);
    else asked.add(deed);
    return () => void asked.delete(deed);
  };
  const tellers = new Set<() => void>();
  coming.then(
    (player) => {
      there = player;
      for (const deed of Array.from(asked)) deed(player);
      asked.clear();
    },
    () => {
      state = { ...state, status: 'error', error: { code: 'unavailable', message: failure } };
      for (const tell of Array.from(tellers)) tell();
    },
  );

  const early: Pick<Player, 'subscribe' | 'watch' | 'decisionLog'> = {
    subscribe(select, listener) {
      let seen = select(state);
      const tell = () => {
        const next = select(there?.state ?? state);
        if (!Object.is(next, seen)) listener(next);
        seen = next;
      };
      tellers.add(tell);
      let stop = () => {};
      const takeBack = ask((player) => {
        tellers.delete(tell);
        stop = player.subscribe(select, listener);
        tell();
      });
      return () => {
        tellers.delete(tell);
        takeBack();
        stop();
      };
    },
    watch(watcher) {
      let stop = () => {};
      const takeBack = ask((player) => (stop = player.watch(watcher)));
      return () => {
        takeBack();
        stop();
      };
    },
    decisionLog: () => there?.decisionLog() ?? '',
  };
  return new Proxy({} as Player, {
    get(_, name: keyof Player) {
      if (name === 'state') return there?.state ?? state;
      // A promise that answers with the player must not take it for another promise.
      if ((name as string) === 'then') return undefined;
      if (name in early) return early[name as keyof typeof early];
      return (...given: unknown[]) =>
        void ask((player) => (player[name] as (...given: unknown[]) => void)(...given));
    },
  });
}
