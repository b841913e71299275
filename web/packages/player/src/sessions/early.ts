// What happens before the recorder of sessions is loaded, kept for it.

import type { Witness } from '../core/driver.ts';
import type { Clock } from '../platform.ts';
import type { Player } from '../player.ts';
import type { Micros } from '../units.ts';

export interface Early {
  readonly events: readonly Parameters<Witness>[0][];
  /** When sound was wanted first; null if it was not. */
  readonly pressedAt: Micros | null;
}

export interface Watching extends Early {
  /** Ends it; false if it had ended. */
  stop(): boolean;
}

export function watchUntilReady(player: Player, clock: Clock): Watching {
  const events: Parameters<Witness>[0][] = [];
  let pressedAt: Micros | null = null;
  let watching = true;
  const stops = [
    player.watch((event) => void events.push(event)),
    player.subscribe(
      (state) => state.wantsToPlay,
      () => (pressedAt ??= clock.now()),
    ),
  ];
  return {
    events,
    get pressedAt() {
      return pressedAt;
    },
    stop() {
      for (const stop of stops) stop();
      const was = watching;
      watching = false;
      return was;
    },
  };
}
