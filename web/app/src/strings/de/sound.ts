// Woraus der Klang auf dem Weg zum Ohr besteht, was aus ihm wird, und eine Wahl für einen Titel.

import type { sound as english } from '../en/sound.ts';

export const sound: typeof english = {
  change: (name, time) => `${name} ab ${time}`,
  changeComing: (name, time) => `${name} ab ${time}, noch unterwegs`,
  onlyThis: 'Nur für diesen Titel',
  asChosen: 'Wie unten',
  path: 'Der Weg des Klangs',
  stages: {
    source: 'Datei',
    rendition: 'Gesendet als',
    delivery: 'Durch',
    decoder: 'Dekodiert von',
    output: 'Gespielt',
  },
  unknownSource: 'Der Server sagt es nicht',
  khz: (rate) => `${rate} kHz`,
  bits: (bits) => `${bits} Bit`,
  channels: (count) => ({ 1: 'mono', 2: 'stereo' })[count] ?? `${count} Kanäle`,
  stored: 'Auf diesem Gerät vorhanden, ohne Netz',
  expected: (rate, low, high) => `Ein Netz von etwa ${rate}, wohl zwischen ${low} und ${high}`,
  unmeasured: 'Ein Netz, das noch nicht gemessen ist',
  decoder: (codec) => `Decoder dieses Browsers für ${codec}`,
  gapless: (title) => `${title} folgt ohne Lücke`,
  fades: (title, seconds) => `${title} blendet über ${seconds} s ein`,
  skipped: (title, reason) => `„${title}“ wurde übergangen: ${reason}`,
  last: 'Danach folgt nichts',
  levelled: {
    off: 'so laut, wie es gemacht wurde',
    track: 'jeder Titel gleich laut',
    album: 'jedes Album gleich laut',
  },
  faster: (rate) => `${rate}-mal so schnell`,
};
