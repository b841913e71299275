// Was alles Hören zusammen ergibt, und was in einer Wiedergabe geschah.

import type { Words } from '../en.ts';

export const analytics: Words['analytics'] = {
  title: 'Hörverlauf',
  about: 'Wie Ihre Musik klang: jede Wiedergabe, von der dieser Server weiß, zusammengezählt.',
  time: 'Zeit',
  spans: { '7': '7 Tage', '30': '30 Tage', '90': '90 Tage', '365': 'Ein Jahr' },
  whose: 'Wessen Hörverlauf',
  who: { mine: 'Meiner', everyone: 'Aller' },
  csv: 'CSV',
  json: 'JSON',
  nothing: (days) => `In ${days} Tagen nichts gehört`,
  nothingHow: 'Spielen Sie etwas, und kommen Sie nach einem Lied wieder. Dann steht hier:',
  nothingList: [
    'wie lange Sie jede Qualität hörten und was das gegen immer ultra gespart hat',
    'wie bald Musik begann, und ob sie je stockte',
    'wie viel davon WLAN war, Mobilfunk, dieses Telefon oder jener Rechner',
    'zu jeder Wiedergabe, was entschieden wurde und warum',
  ],
  playSomething: 'Etwas spielen',
  sentence: (time, stalls, saved) => {
    const times = stalls === 1 ? 'einem Aussetzer' : `${stalls} Aussetzern`;
    return `${time} Musik ${stalls === 0 ? 'ohne Aussetzer' : `mit ${times}`}, ${saved}.`;
  },
  saved: (size) => `und ${size} weniger Daten als mit immer ultra`,
  spent: (size) => `und ${size} mehr Daten als mit immer ultra`,
  unknown: 'unbekannt',
  stallsPerHour: 'Aussetzer je Stunde',
  startup: 'Start, Median\u00a0/\u00a095\u00a0%',
  switches: 'Wechsel',
  bytes: 'Geladen',
  wasted: 'Nie gehört',
  qoe: 'Erlebnis',
  score: (value) => value.toFixed(3).replace('.', ','),
  qoeAbout:
    'Das Erlebnis ist 1 für ultra vom ersten Augenblick an ohne jede Störung. Niedrigere ' +
    'Qualität, Wechsel, Aussetzer und Warten auf den Anfang ziehen davon ab.',
  heard: 'Zeit in jeder Qualität',
  never: 'nie',
  groups: 'Verglichen nach',
  bys: {
    day: 'Tag',
    device: 'Gerät',
    network_kind: 'Netz',
    player: 'Player',
    user: 'Person',
  },
  heads: {
    heard: 'Gehört',
    stalls: 'Auss./h',
    startup: 'Start',
    bytes: 'Geladen',
    saved: 'Gespart',
  },
  sessions: 'Wiedergaben',
  notHeard: 'nichts gehört',
  stallsOf: (count) =>
    count === 0 ? 'kein Aussetzer' : count === 1 ? '1 Aussetzer' : `${count} Aussetzer`,
  qoeOf: (score) => `Erlebnis ${score}`,
  unknownTrack: 'Ein Titel, der nicht bekannt ist',
  session: 'Wiedergabe',
  back: 'Zum Hörverlauf',
  events: 'Was geschah',
  noEvents: 'Ihr Player hat keine Ereignisse gemeldet.',
  noLog: 'Ihr Player hat kein Entscheidungsprotokoll geschickt.',
  happened: {
    startup: (lasted) => `Erster Ton nach ${lasted}`,
    heard: (lasted, quality) => `${lasted} in ${quality} gehört`,
    stall: (lasted) => `${lasted} Aussetzer`,
    switch: (from, to) => `Von ${from} zu ${to}`,
    abandon: (size) => `Eine Übertragung wurde nach ${size} abgebrochen`,
    fetched: (size) => `${size} geladen`,
    wasted: (size) => `${size} werden nie gehört`,
    seek: 'Sprung an eine andere Stelle',
    end: 'Ende',
  },
  optimum: {
    title: 'Gegen das Optimum',
    about:
      'Das Optimum ist ein Player, der das Netz im Voraus kennt, beliebig viel Musik vorhält und ' +
      'sie ersetzen darf. Im selben Netz geht es nicht besser; und so gut geht es nicht, ohne die ' +
      'Zukunft zu kennen.',
    pending: 'Noch nicht berechnet: Das tut der Server einige Minuten nach dem Ende.',
    lasting: 'Die Wiedergabe dauert noch, oder ihr Player hat nie gesagt, dass sie zu Ende ist.',
    distance: (least, most) =>
      `Zwischen ${least} und ${most} an Erlebnis hinter dem, was bestenfalls möglich war.`,
    outcomes: {
      nothing_heard: 'Es wurde nichts gehört: Es gibt nichts zu vergleichen.',
      unknown_network: 'Vom Netz ist zu wenig bekannt, um zu vergleichen.',
      too_long: 'Sie dauerte zu lange, um zu vergleichen: mehr als 16 Minuten.',
      failed: 'Der Vergleich ist gescheitert; das Protokoll des Servers nennt den Grund.',
    },
  },
};
