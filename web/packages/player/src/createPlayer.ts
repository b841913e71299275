// Puts a player together from what the page gives and what the browser has.

import type { AudioEngine } from './engine/audioEngine.ts';
import { createMseEngine } from './engine/createMseEngine.ts';
import { networkKind, type HintScope } from './engine/hints.ts';
import { StandInEngine } from './engine/standIn.ts';
import { connectMediaSession } from './mediaSession.ts';
import type { Api } from './net/api.ts';
import { browserStorage, randomUuid } from './net/device.ts';
import { apiOf, type ServerOptions } from './net/server.ts';
import { browserClock } from './platform.ts';
import type { Player, PlayerOptions } from './player.ts';
import { QueuePlayer } from './queuePlayer.ts';
import { watchUntilReady } from './sessions/early.ts';

/** What this player is called in reports. */
const NAME = 'quicksync-web 0.1';

/** A player on our own engine, with its own audio element, fetches and decision core. */
export function createPlayer(options: PlayerOptions): Player {
  const api = apiOf(options);
  const { fallback } = options;
  const engine = createMseEngine(options, api);
  const player = playerOver(fallback ? new StandInEngine(engine, () => fallback(options)) : engine);
  return options.reports === false ? player : reporting(player, options, NAME, api);
}

/** A player on any engine; ends the engine when it is destroyed. */
export function playerOver(engine: AudioEngine): Player {
  const player = new QueuePlayer(engine);
  return ending(player, connectMediaSession(player));
}

/** Tells the server how `player` plays, under a name for people. */
export function reporting(
  player: Player,
  options: ServerOptions,
  name: string,
  api: Api = apiOf(options),
): Player {
  const scope = options.scope ?? (globalThis as unknown as HintScope);
  const storage = options.storage === undefined ? browserStorage() : options.storage;
  const clock = options.clock ?? browserClock;
  // Nothing of it is needed before the first sound: it comes by itself, and catches up.
  const seen = watchUntilReady(player, clock);
  let stop: () => unknown = seen.stop;
  const loading = import('./sessions/connect.ts').then(({ connectSessions }) => {
    if (!seen.stop()) return;
    stop = connectSessions(
      player,
      {
        api,
        scope,
        storage,
        clock,
        networkKind: () => networkKind(scope),
        newId: randomUuid,
        player: name,
      },
      seen,
    );
  });
  // A page that cannot load it plays all the same.
  loading.catch(() => seen.stop());
  return ending(player, () => void stop());
}

function ending(player: Player, first: () => void): Player {
  const destroy = player.destroy.bind(player);
  player.destroy = () => {
    first();
    destroy();
  };
  return player;
}
