import type { Player, PlayerOptions } from './player.ts';

/** An engine with its own audio element, fetches and decision core. */
export declare function createPlayer(options: PlayerOptions): Player;
