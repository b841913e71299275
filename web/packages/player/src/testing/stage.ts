// A player with everything around it fake.

import { createPlayer } from '../createPlayer.ts';
// What players load by themselves is here at once: no test waits for it, or ends before it.
import '../sessions/connect.ts';
import type { Player, PlayerOptions } from '../player.ts';
import type { QueueTrack } from '../state.ts';
import { FakeClock } from './fakeClock.ts';
import { FakeCore } from './fakeCore.ts';
import { FakeElement, factoryOf, portOf } from './fakeMedia.ts';
import { FakeServer } from './fakeServer.ts';

export interface Stage {
  readonly clock: FakeClock;
  readonly server: FakeServer;
  readonly element: FakeElement;
  readonly core: FakeCore;
  readonly player: Player;
  /** Where the window's events come from. */
  readonly window: EventTarget;
  readonly queue: readonly QueueTrack[];
}

/** Tracks `a`, `b`, `c` of so many segments of 3.84 s. */
export function stage(
  segments: readonly number[] = [5],
  options: Partial<PlayerOptions> = {},
  clock = new FakeClock(),
): Stage {
  const server = new FakeServer(clock);
  const element = new FakeElement(clock);
  const core = new FakeCore();
  const window = new EventTarget();
  const queue = segments.map((count, i) => {
    const id = 'abcdef'[i] ?? 'z';
    server.add(id, count);
    return { id, title: `Track ${id}` };
  });
  const player = createPlayer({
    baseUrl: 'http://server.test',
    core,
    fetch: server.fetch,
    clock,
    element: portOf(element),
    mediaSourceFactory: factoryOf(element),
    storage: null,
    scope: window,
    ...options,
  });
  return { clock, server, element, core, player, window, queue };
}
