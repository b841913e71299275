// Geschwindigkeitstests, was sie früher ergaben, und die Last des Servers.

import type { Words } from '../en.ts';
import { komma } from './numbers.ts';

const causes: Readonly<Record<string, string>> = {
  cpu: 'seinen Prozessor',
  memory: 'seinen Speicher',
  cpu_pressure: 'Aufgaben, die auf den Prozessor warten',
  memory_pressure: 'Aufgaben, die auf Speicher warten',
  encode_queue: 'Musik, die auf das Kodieren wartet',
};
const number = (value: number) => (value >= 100 ? String(Math.round(value)) : komma(value));
const mbit = (value: number) =>
  `${value < 1 ? value.toFixed(2).replace('.', ',') : number(value)} Mbit/s`;

export const speed: Words['speed'] = {
  listener: 'Geschwindigkeitstest',
  listenerAbout:
    'Lädt sechs Sekunden lang von diesem Server auf dieses Gerät, höchstens 24 MB, so wie Musik ' +
    'käme. Der Server glaubt ihm mehr als allem, außer der Wiedergabe selbst.',
  start: 'Test starten',
  stop: 'Abbrechen',
  running: 'Der Test läuft',
  mbps: mbit,
  found: (mbps, size) => `${mbit(mbps)}, aus ${size}. Der Server weiß es.`,
  past: 'Was hier gemessen wurde',
  pastAbout: 'Vom Netz dieses Geräts: jede Übertragung, die Wiedergabe oder Test gemessen haben.',
  noPast: 'Noch nichts: Starten Sie den Test oben, oder spielen Sie etwas.',
  pastLabel: (count, since) => `${count} Messungen, die erste ${since}`,
  asTable: 'Als Tabelle',
  sources: {
    playback: 'Wiedergabe',
    listener_probe: 'Test',
    connection: 'die Verbindung selbst',
    server_probe: 'Test des Servers',
  },
  server: 'Die Verbindung des Servers',
  serverAbout:
    'Was der Server von den Zielen lädt, die sein Administrator eingestellt hat. Es sagt, wie gut der ' +
    'Server angebunden ist, und wenig darüber, wie gut Sie es sind.',
  testServer: 'Verbindung des Servers testen',
  testing: 'Der Test läuft',
  noTargets: 'Es sind keine Ziele eingestellt, oder die Tests des Servers sind abgeschaltet.',
  allFailed: 'Jedes Ziel ist gescheitert.',
  failed: 'gescheitert',
  pastOf: (values) => `Früher, das Älteste zuerst: ${values}`,
  load: 'Last des Servers, jetzt',
  loadAbout:
    'Ist „Auf das System achten“ an, spielt ein ausgelasteter Server eine Stufe niedriger, bis er wieder ' +
    'frei ist.',
  loadStatus: (status, cause, lowers) => {
    if (status === 'low_load') return 'Wenig Last: Nichts wird gesenkt.';
    const by = cause ? ` durch ${causes[cause] ?? cause}` : '';
    if (status !== 'high_load') return `Mäßige Last${by}: Nichts wird gesenkt.`;
    return lowers
      ? `Hohe Last${by}: Die Qualität ist eine Stufe niedriger.`
      : `Hohe Last${by}: Sie senkt nichts, so haben Sie es gewählt.`;
  },
  loads: {
    cpu: 'Prozessor',
    memory: 'Speicher',
    cpu_pressure: 'Aufgaben, die auf den Prozessor warten',
    memory_pressure: 'Aufgaben, die auf Speicher warten',
  },
  percentOf: (percent, high) => `${percent.toFixed(0)}\u00a0%, hoch ab ${high}\u00a0%`,
  background: (percent) =>
    `Eigene Arbeit des Servers im Hintergrund, etwa das Lesen neuer Musik, nimmt ${percent.toFixed(0)} % ` +
    'des Prozessors und lässt Hörern den Vortritt.',
  rest: (waiting, memory, disk) =>
    `${waiting} Segmente warten auf das Kodieren, ${memory} Speicher frei, Platte zu ${disk.toFixed(0)} % voll`,
};
