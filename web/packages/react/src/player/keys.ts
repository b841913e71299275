// Keys of the player, for as long as the focus is inside it.

import type { Player } from '@quicksync/player';
import type { KeyboardEvent } from 'react';

const STEP_S = 5;
/** Elements that have a use of their own for what the second list has. */
const BUSY = new Set(['INPUT', 'SELECT', 'TEXTAREA', 'BUTTON', 'A']);
const SHARED = new Set([' ', 'ArrowLeft', 'ArrowRight']);

/** Whether the key meant something. */
export function press(player: Player, key: string): boolean {
  const { wantsToPlay, position, muted } = player.state;
  switch (key) {
    case ' ':
    case 'k':
      if (wantsToPlay) player.pause();
      else player.play();
      return true;
    case 'ArrowLeft':
    case 'j':
      player.seek(Math.max(0, position - STEP_S));
      return true;
    case 'ArrowRight':
    case 'l':
      player.seek(position + STEP_S);
      return true;
    case 'm':
      player.mute(!muted);
      return true;
    default:
      return false;
  }
}

export function handleKey(player: Player | null, event: KeyboardEvent<HTMLElement>): void {
  const { key, target } = event;
  if (!player || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const { tagName } = target as HTMLElement;
  // Letters choose in a list and are written in a field.
  const types = tagName === 'SELECT' || tagName === 'TEXTAREA' || isText(target);
  if (types || (BUSY.has(tagName) && SHARED.has(key))) return;
  if (press(player, key)) event.preventDefault();
}

const isText = (target: EventTarget): boolean =>
  target instanceof HTMLInputElement && target.type !== 'range';
