// Dateien, Kopien zum Hören ohne Netz, und der Platz, den sie brauchen.

import type { Words } from '../en.ts';

export const downloads: Words['downloads'] = {
  keep: 'Was behalten wird',
  keepAbout:
    'Was behalten wird, hört man oft: Die Qualität darf eine andere sein als beim Streamen.',
  rules: { download_quality: 'Dateien', offline_quality: 'Kopien zum Hören ohne Netz' },
  hints: {
    download_quality: 'Für „Herunterladen“; ohne eigene Wahl gilt „Auch für Downloads“.',
    offline_quality: 'Was diese App speichert, um ohne Netz zu spielen.',
  },
  unruled: {
    download_quality: 'Wie in den Vorlieben',
    offline_quality: 'Wie bei Dateien',
  },
  storage: {
    title: 'Auf diesem Gerät',
    about: 'Musik, die ohne Netz spielt, im Speicher dieses Browsers.',
    music: (tracks, size) => `${tracks}, ${size}`,
    room: 'Platz dieses Browsers',
    roomOf: (used, all) => `${used} von ${all} durch diese App belegt`,
    clear: 'Alles entfernen',
    question: (count) =>
      `Alle Musik von diesem Gerät entfernen (${count})? Auf dem Server bleibt sie.`,
    see: 'Ansehen',
  },
};
