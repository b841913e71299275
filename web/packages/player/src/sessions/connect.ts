// Tells the server how playback went: one recorder on one player, one postbox.

import type { Api } from '../net/api.ts';
import type { Clock } from '../platform.ts';
import type { Player } from '../player.ts';
import type { NetworkKind } from '../preferences.ts';
import { millis } from '../units.ts';
import type { Early } from './early.ts';
import { Postbox, type PostboxParts } from './postbox.ts';
import { Recorder } from './recorder.ts';

/** Between two reports while something happens. */
const INTERVAL = millis(10_000);

export interface SessionParts extends PostboxParts {
  readonly api: Api;
  readonly clock: Clock;
  readonly networkKind: () => NetworkKind;
  /** Where `pagehide` and `visibilitychange` come from. */
  readonly scope: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;
}

/** Lasts until the answer is called. */
export function connectSessions(player: Player, parts: SessionParts, early: Early): () => void {
  const { clock, scope } = parts;
  const postbox = new Postbox(parts);
  /** Of the player's decision log, told already. */
  let told = 0;
  let leaving = false;
  const write = () => {
    const log = player.decisionLog();
    // The core has begun anew, and its log with it.
    if (log.length < told) told = 0;
    postbox.write(log.slice(told));
    told = log.length;
  };
  const recorder = new Recorder(clock, {
    begin: ({ id }) => postbox.begin(id, parts.networkKind()),
    add: (event) => {
      postbox.add(event);
      if (!leaving && (event.type === 'startup' || event.type === 'end')) send();
    },
    end: () => {
      write();
      postbox.end();
    },
  });
  const send = () => {
    recorder.flush();
    write();
    void postbox.send();
  };
  let cancel = () => undefined as void;
  const tick = () => {
    if (player.state.wantsToPlay) send();
    cancel = clock.after(INTERVAL, tick);
  };
  /** The page, or the player, may be gone before anything is answered. */
  const left = () => {
    leaving = true;
    recorder.end();
    leaving = false;
    postbox.leave();
  };
  const hidden = () => send();
  cancel = clock.after(INTERVAL, tick);
  scope.addEventListener('pagehide', left);
  scope.addEventListener('visibilitychange', hidden);
  recorder.catchUp(player.state, early);
  const stops = [
    player.subscribe(
      (state) => state,
      (state) => recorder.follow(state),
    ),
    player.watch(recorder.witness),
  ];
  return () => {
    left();
    cancel();
    for (const stop of stops) stop();
    scope.removeEventListener('pagehide', left);
    scope.removeEventListener('visibilitychange', hidden);
  };
}
