// Puts a player together from what the page gives and what the browser has.

import type { AudioEngine } from './engine/audioEngine.ts';
import { createMseEngine } from './engine/createMseEngine.ts';
import { connectMediaSession } from './mediaSession.ts';
import type { Player, PlayerOptions } from './player.ts';
import { QueuePlayer } from './queuePlayer.ts';

/** A player on our own engine, with its own audio element, fetches and decision core. */
export const createPlayer = (options: PlayerOptions): Player =>
  playerOver(createMseEngine(options));

/** A player on any engine; ends the engine when it is destroyed. */
export function playerOver(engine: AudioEngine): Player {
  const player = new QueuePlayer(engine);
  const stopMediaSession = connectMediaSession(player);
  const destroy = player.destroy.bind(player);
  player.destroy = () => {
    stopMediaSession();
    destroy();
  };
  return player;
}
