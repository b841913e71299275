// Musik auf dem Gerät, die App ohne Netz und ihre neueren Fassungen.

import type { Words } from '../en.ts';
import { zahl } from './numbers.ts';

const titel = (count: number): string => `${zahl(count)} Titel`;

export const offline: Words['offline'] = {
  title: 'Offline',
  about: (count, size) => `${titel(count)}, ${size}`,
  keep: 'Offline behalten',
  keepAll: 'Offline behalten',
  kept: 'Auf diesem Gerät',
  keptAll: 'Offline vorhanden',
  remove: 'Von diesem Gerät entfernen',
  removeTrack: (title) => `${title} von diesem Gerät entfernen`,
  stop: 'Nicht behalten',
  stopTrack: (title) => `${title} nicht behalten`,
  stopAll: 'Rest nicht behalten',
  removeAll: 'Alles entfernen',
  sure: (count) => `${titel(count)} von diesem Gerät entfernen?`,
  yes: 'Entfernen',
  no: 'Behalten',
  waiting: 'Wartet, bis es an der Reihe ist',
  coming: (percent) => `${percent} % sind da`,
  progress: (done, total) => `${done} von ${total} sind da`,
  failed: 'Konnte nicht behalten werden',
  retry: 'Noch einmal versuchen',
  onItsWay: 'Unterwegs',
  here: 'Auf diesem Gerät',
  empty: 'Hier ist noch nichts',
  emptyHow:
    'Wählen Sie „Offline behalten“ auf der Seite eines Albums oder im Menü eines Titels. Was ' +
    'behalten wird, spielt ohne Netz und ohne den Server.',
  missing:
    'Dieser Browser lässt die Seite nichts speichern, wie in einem privaten Fenster. Hier lässt ' +
    'sich keine Musik behalten.',
  opening: 'Es wird nachgesehen, was da ist',
  room: (used, quota) => `${used} von ${quota} belegt, die dieser Browser bereitstellt`,
  quality: (name) => `Qualität neuer Kopien: ${name}.`,
  change: 'Ändern',
  insecure:
    'Über einfaches HTTP vergisst ein Browser die App selbst, wenn das Netz fehlt. Über HTTPS ' +
    'öffnet sie sich auch ohne Netz.',
  install: 'Als App einrichten',
  unreachable: 'Der Server ist nicht zu erreichen.',
  unreachableKept: 'Der Server ist nicht zu erreichen. Was auf diesem Gerät ist, spielt.',
  show: 'Zeigen',
  update: {
    ready: 'Eine neuere Fassung dieser App liegt bereit.',
    load: 'Laden',
    wait: 'Laden, wenn die Musik pausiert',
    waits: 'Sie wird geladen, sobald die Musik pausiert.',
  },
};
