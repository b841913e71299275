// Who was logged in last on this device: the app opens with it at once, and without a network at
// all. The server has the last word as soon as it answers.

import type { Me } from './wire.ts';

const KEY = 'quicksync.me';

export function keptMe(): Me | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    const isMe = typeof kept === 'object' && kept !== null && 'id' in kept && 'name' in kept;
    return isMe ? (kept as Me) : null;
  } catch {
    return null; // storage may be forbidden, or hold something else
  }
}

/** `null` forgets. */
export function keepMe(me: Me | null): void {
  try {
    if (me) localStorage.setItem(KEY, JSON.stringify(me));
    else localStorage.removeItem(KEY);
  } catch {
    // Then every visit asks the server first.
  }
}
