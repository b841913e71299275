// Was über welches Netz darf, und wie viel.

import type { Words } from '../en.ts';

const qualities: Readonly<Record<string, string>> = {
  low: 'niedrig',
  medium: 'mittel',
  high: 'hoch',
  ultra: 'ultra',
};

const reasons: Readonly<Record<string, string>> = {
  network: 'Ihre Grenze für diese Art von Netz',
  metered: 'Ihre Grenze, wo Daten Geld kosten',
  saves_data: 'Sie möchten Daten sparen',
  budget: 'was von den Daten des Monats übrig ist',
};

export const network: Words['network'] = {
  here: 'Das Netz dieses Geräts',
  hereAbout:
    'Grenzen, die Daten des Monats und was von Netzen bekannt ist, richten sich nach der Art des ' +
    'Netzes. Sie wird nie aus Adressen geraten.',
  kind: 'Art des Netzes',
  kindHint: 'Dieser Browser verrät sie nicht; wählen Sie selbst.',
  kinds: { wifi: 'WLAN', cellular: 'Mobilfunk', ethernet: 'Ethernet', unknown: 'Keine Angabe' },
  told: (kind) => `Ihr Browser sagt: ${kind}.`,
  metered: 'Daten kosten hier Geld',
  meteredHint: 'Dann gilt unten eine eigene Grenze, und es zählt zu den Daten des Monats.',
  spare: 'Daten sparen',
  spareHint:
    'Hält dieses Gerät in jedem Netz bei mittlerer Qualität, oder bei Ihrer Grenze für teure Daten.',
  caps: 'Höchste Qualität',
  capsAbout:
    'Für alle Ihre Geräte, in jedem Modus. Es gilt die niedrigste Grenze, die zutrifft; ein Gerät ' +
    'kann eigene haben.',
  places: {
    wifi: 'Im WLAN',
    cellular: 'Im Mobilfunk',
    ethernet: 'Am Ethernet',
    unknown: 'Wo die Art nicht bekannt ist',
    metered: 'Wo Daten Geld kosten',
  },
  placeHints: {
    metered: 'Neben der Grenze für die Art des Netzes.',
  },
  noCap: 'Keine Grenze',
  upTo: (name) => `Bis ${name}`,
  inForce: (cap, reason) =>
    `Auf diesem Gerät gilt jetzt: bis ${qualities[cap] ?? cap}. Grund: ${reasons[reason] ?? 'eine Regel'}.`,
  nothingInForce: 'Auf diesem Gerät gilt zurzeit keine Grenze.',
  leaning: 'Qualität oder Stabilität',
  leaningAbout: 'Was Vorrang hat, solange das Netz für die nächste Qualität nicht sicher reicht.',
  sides: { stability: 'Stabilität zuerst', quality: 'Qualität zuerst' },
  sideAbout: {
    stability:
      'Bleibt, wo es sicher läuft: Die Qualität wechselt seltener und steigt erst, wenn das Netz ' +
      'deutlich mehr hergibt.',
    quality:
      'Nimmt die bessere Qualität, sobald sie wohl halten wird, und beginnt eine Stufe höher, wo der ' +
      'Server frei ist.',
  },
  budget: 'Daten für einen Monat',
  budgetAbout:
    'Für dieses Gerät. Die Qualität sinkt Stufe um Stufe und einige Tage früher, damit die Musik ' +
    'nie vor dem Monat endet.',
  used: 'Diesen Monat verbraucht',
  usedOf: (used, all, left) => `${used} von ${all}, noch ${left}`,
  nothingUsed: 'Diesen Monat wurde nichts gespielt, das zählt.',
  loweredTo: (cap, kbps, ends) =>
    `Die Qualität ist jetzt auf ${qualities[cap] ?? cap} begrenzt: Der Rest reicht bis ${ends} für ${kbps} kbit/s.`,
  lowersAt: (left, ends) =>
    `Volle Qualität. Heute sinkt sie erst bei einem Rest von ${left}; der Monat endet am ${ends}.`,
  gigabytes: 'Gigabyte im Monat',
  startsOn: 'Beginnt am Tag',
  countsAll: 'Jedes Netz zählt, nicht nur, wo Daten Geld kosten',
  setBudget: 'Begrenzen',
  changeBudget: 'Ändern',
  endBudget: 'Nicht begrenzen',
};
