// Die Seite, die zeigt, wie die Wiedergabe lief.

import type { Words } from '../en.ts';
import { komma } from './numbers.ts';

export const stats: Words['stats'] = {
  title: 'Wiedergabe',
  about:
    'Was diese Seite gespielt hat, seit sie offen ist: was gemessen und entschieden wurde, und warum.',
  nothing: 'Noch nichts: Spielen Sie etwas.',
  throughput: 'Durchsatz',
  throughputAbout:
    'Durchsatz jeder Übertragung und Rate der verlangten Qualität in den letzten Minuten.',
  measured: 'gemessen',
  low: 'ein Zehntel ist langsamer',
  expected: 'erwartet, mit den mittleren 80 %',
  high: 'ein Zehntel ist schneller',
  expectation: (expected, low, high) =>
    `Von der nächsten Übertragung erwartet: ${expected}; jede zehnte langsamer als ${low}, jede zehnte schneller als ${high}.`,
  rung: 'verlangte Qualität',
  buffer: 'Puffer',
  bufferAbout:
    'Sekunden Musik vor dem Ton in den letzten Minuten, mit den Zielen; Aussetzer sind getönt.',
  ahead: 'vor dem Ton',
  target: 'Ziel',
  most: 'höchstens',
  lowMark: 'untere Marke',
  levels: (ahead, target, most) =>
    `${ahead} vor dem Ton; das Ziel ist ${target}, höchstens ${most}.`,
  steps: 'Verlangte Qualität',
  turnOf: (number, count) => `Wechsel ${number} von ${count}`,
  turn: (at, quality, reason) => `${at}, ${quality}: ${reason}`,
  waterfall: 'Übertragungen',
  waterfallAbout:
    'Dünn: verlangt und erwartet. Dick: kommt an. Schraffiert: umsonst geladen, weil ersetzt, abgebrochen oder gescheitert.',
  late: 'zu spät',
  lateOnes: 'Späte Segmente',
  segment: (number) => `Nr. ${number}`,
  outcomes: {
    loading: 'lädt',
    kept: 'behalten',
    thrown: 'ersetzt',
    abandoned: 'abgebrochen',
    failed: 'gescheitert',
  },
  decisions: 'Entscheidungen',
  filter: 'Art der Entscheidung',
  deeds: {
    all: 'Alle',
    fetch: 'Holen',
    replace: 'Ersetzen',
    abandon: 'Abbrechen',
    prefetch: 'Nächster Titel',
    play: 'Spielen',
  },
  search: 'Wort in einem Satz',
  noneFits: 'Keine Entscheidung passt.',
  more: 'Mehr zeigen',
  at: 'Bei',
  segmentHead: 'Segment',
  startup: 'Start',
  switches: 'Qualitätswechsel',
  loaded: 'Geladen',
  wasted: 'Verschwendet',
  secs: (value) => `${komma(value)} s`,
  megabytes: (value) => `${komma(value)} MB`,
  percent: (value) => `${komma(value)} %`,
  saveLog: 'Entscheidungsprotokoll',
  saveDecisions: 'Entscheidungen als CSV',
  saveTransfers: 'Übertragungen als CSV',
  freeze: 'Anhalten',
  goOn: 'Weiter',
  toAnalytics: 'Zum Hörverlauf',
};
