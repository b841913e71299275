// Die Geräte und die Regeln, die dort vor denen ihres Benutzers gelten.

import type { Words } from '../en.ts';

export const devices: Words['devices'] = {
  intro:
    'Jedes Gerät hat seine eigenen Messungen seines Netzes. Regeln eines Geräts gelten dort vor ' +
    'Ihren.',
  open: 'Regeln dieses Geräts',
  openOf: (name) => `Regeln von ${name}`,
  asYou: 'Folgt Ihren Einstellungen',
  ownRules: (count) => (count === 1 ? '1 eigene Regel' : `${count} eigene Regeln`),
  name: 'Name',
  rename: 'Umbenennen',
  asForAll: (what) => `Wie alle Geräte: ${what}`,
  overrides: (what) => `Gilt vor Ihrer Wahl: ${what}`,
  mode: 'Qualität',
  prefer: 'Vorrang',
  adapt: 'Auf das System achten',
  downloads: 'Auch für Downloads',
  on: 'An',
  off: 'Aus',
  clear: 'In allem meinen Einstellungen folgen',
  budget: 'Daten eines Monats',
  noBudget: 'Nicht begrenzt. Das wird auf dem Gerät selbst unter „Netz & Daten“ eingestellt.',
};
