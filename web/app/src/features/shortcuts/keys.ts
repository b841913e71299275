// Which key means what. Pure.

export type Deed =
  | 'toggle'
  | 'back'
  | 'ahead'
  | 'louder'
  | 'softer'
  | 'next'
  | 'previous'
  | 'mute'
  | 'search'
  | 'queue'
  | 'help';

const KEYS: Readonly<Record<string, Deed>> = {
  ' ': 'toggle',
  ArrowLeft: 'back',
  ArrowRight: 'ahead',
  ArrowUp: 'louder',
  ArrowDown: 'softer',
  n: 'next',
  p: 'previous',
  m: 'mute',
  '/': 'search',
  q: 'queue',
  '?': 'help',
};

/** Where typing means text. */
const TEXT = 'input, textarea, select, [contenteditable="true"]';
/** Where arrows move something already. */
const ARROWED = '[role="slider"], [role="radio"], [role="tab"], [role="menu"], [role="menuitem"]';
/** Where the space bar presses something already. */
const PRESSED = 'button, a, summary, [role="menuitem"]';

export function deedOf(event: KeyboardEvent): Deed | null {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return null;
  const deed = KEYS[event.key];
  if (!deed || isTaken(event.key, event.target)) return null;
  return deed;
}

function isTaken(key: string, target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest(TEXT)) return true;
  if (key.startsWith('Arrow')) return target.closest(ARROWED) !== null;
  return key === ' ' && target.closest(PRESSED) !== null;
}
