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
  rung: 'verlangte Qualität',
  buffer: 'Puffer',
  bufferAbout:
    'Sekunden Musik vor dem Ton in den letzten Minuten, mit den Zielen; Aussetzer sind getönt.',
  ahead: 'vor dem Ton',
  most: 'höchstens',
  lowMark: 'untere Marke',
  waterfall: 'Übertragungen',
  segment: (number) => `Nr. ${number}`,
  outcomes: {
    loading: 'lädt',
    kept: 'behalten',
    thrown: 'ersetzt',
    abandoned: 'abgebrochen',
    failed: 'gescheitert',
  },
  decisions: 'Entscheidungen',
  at: 'Bei',
  segmentHead: 'Segment',
  startup: 'Anlauf',
  switches: 'Qualitätswechsel',
  loaded: 'Geladen',
  wasted: 'Verschwendet',
  secs: (value) => `${komma(value)} s`,
  megabytes: (value) => `${komma(value)} MB`,
  percent: (value) => `${komma(value)} %`,
  saveLog: 'Entscheidungsprotokoll sichern',
  saveTransfers: 'Übertragungen sichern',
};
