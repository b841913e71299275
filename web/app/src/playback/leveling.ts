// Whether tracks are brought to one loudness; kept on this device.

import type { Leveling } from '@quicksync/player';

const KEY = 'quicksync.leveling';

export function keptLeveling(): Leveling {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'track' || kept === 'album' ? kept : 'off';
  } catch {
    return 'off'; // storage may be forbidden
  }
}

export function keepLeveling(leveling: Leveling): void {
  try {
    localStorage.setItem(KEY, leveling);
  } catch {
    // Then it lasts as long as the page.
  }
}
