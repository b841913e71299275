// Das Netz einer Wiedergabe unter anderen Regeln.

import type { Words } from '../en.ts';

export const whatIf: Words['whatIf'] = {
  title: 'Was wäre mit anderen Regeln gewesen?',
  about:
    'Spielt den jetzigen Titel von vorn nach, über das Netz, das diese Seite gemessen hat: ' +
    'nach unseren Entscheidungen, in fester Qualität und nach den veröffentlichten Regeln anderer ' +
    'Player. Es geschieht hier im Browser; nichts wird gesendet.',
  start: 'Nachspielen',
  again: 'Noch einmal nachspielen',
  running: 'Spielt nach',
  done: (count) => `${count} Regeln haben nachgespielt.`,
  failed: (why) => `Es ließ sich nicht nachspielen: ${why}.`,
  measured: (span, share) =>
    `Das Netz wurde ${span} lang beobachtet und in ${share} dieser Zeit gemessen; dazwischen gilt, ` +
    'dass es sich gleichmäßig änderte.',
  verdict: (place, best, first) =>
    first
      ? 'Darauf geben unsere Regeln das beste Erlebnis von allen.'
      : `Darauf gibt ${best} das beste Erlebnis; unsere Regeln kommen auf Platz ${place}.`,
  optimum: (least, most) =>
    least === most
      ? `Besser als ${most} ging es nicht, auch nicht mit Wissen um alles, was kam.`
      : `Besser als ${least} bis ${most} ging es nicht, auch nicht mit Wissen um alles, was kam.`,
  warning:
    'Ein einzelnes Netz beweist wenig: Wer hier gewinnt, hatte vielleicht Glück, und wer verliert, ' +
    'war vielleicht vorsichtig.',
  heads: {
    policy: 'Regeln',
    qoe: 'Erlebnis',
    kbps: 'Mittel kbit/s',
    stalls: 'Aussetzer',
    startup: 'Start',
    wasted: 'Verschwendet',
  },
  stallsOf: (count, total) => (count === 0 ? 'keine' : `${count}, ${total}`),
  groups: { ours: 'unsere', fixed: 'eine Qualität', peer: 'Regel eines anderen Players' },
  policies: {
    quicksync: 'Qualität zuerst',
    'quicksync-steady': 'Stabilität zuerst',
    low: 'Immer niedrig',
    medium: 'Immer mittel',
    high: 'Immer hoch',
    ultra: 'Immer ultra',
    hlsjs: 'hls.js',
    shaka: 'Shaka',
    dynamic: 'dash.js, dynamisch',
    media3: 'Media3 (ExoPlayer)',
    'bola-e': 'BOLA-E',
    robustmpc: 'RobustMPC',
    bba: 'Nach Puffer (BBA)',
    throughput: 'Nach Durchsatz',
    thresholds: 'Feste Schwellen',
  },
};
