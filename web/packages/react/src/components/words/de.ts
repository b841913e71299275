import { reasonIn } from '../../words/reasons.ts';
import type { PanelWords } from './types.ts';

const decimal = (value: number, digits: number): string =>
  value.toLocaleString('de', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const mbps = (value: number): string => `${decimal(value, 1)} Mbit/s`;
const levels = {
  auto: 'auto',
  low: 'niedrig',
  medium: 'mittel',
  high: 'hoch',
  ultra: 'ultra',
} as const;

export const de: PanelWords = {
  loading: 'Lädt…',
  noStatus: 'Es gibt keinen Status.',
  network: 'Netz',
  networks: { excellent: 'Hervorragend', good: 'Gut', fair: 'Mäßig', poor: 'Schlecht' },
  sources: {
    playback: 'beim Spielen gemessen',
    listener_probe: 'von diesem Gerät gemessen',
    server_probe: 'vom Server gemessen',
    history: 'von diesem Netz erinnert',
    fallback: 'angenommen: nichts war messbar',
  },
  mbps,
  system: 'System',
  systems: { low_load: 'Wenig Last', moderate_load: 'Mittlere Last', high_load: 'Hohe Last' },
  cpu: (percent) => `CPU ${Math.round(percent)} %`,
  memory: (percent) => `Speicher ${Math.round(percent)} %`,
  quality: 'Qualität',
  levels,
  kbps: (value) => `${value} kbit/s`,
  reason: (sentence) => reasonIn('de', sentence),
  chosenForYou: 'Für Sie gewählt',
  chosenByYou: 'Von Ihnen gewählt',
  mode: 'Qualitätsmodus',
  modes: {
    auto: { name: 'Auto', detail: 'Folgt Netz und System' },
    ultra: { name: 'Ultra', detail: '320 kbit/s, 144 MB in der Stunde' },
    high: { name: 'Hoch', detail: '256 kbit/s, 115 MB in der Stunde' },
    medium: { name: 'Mittel', detail: '128 kbit/s, 58 MB in der Stunde' },
    low: { name: 'Niedrig', detail: '64 kbit/s, 29 MB in der Stunde' },
  },
  preferences: 'Vorlieben',
  toggles: {
    prefer_quality: {
      name: 'Qualität bevorzugen',
      detail: 'Steigt, wenn das Netz es hergibt. Aus: bleibt, wo es sicher läuft.',
    },
    adapt_to_system: {
      name: 'Auf das System achten',
      detail: 'Sinkt, solange der Server oder dieses Gerät ausgelastet ist.',
    },
    auto_download_quality: {
      name: 'Auch für Downloads',
      detail: 'Downloads nehmen die hier gewählte Qualität.',
    },
  },
  speedTest: 'Geschwindigkeitstest',
  runTest: 'Test starten',
  testing: 'Misst…',
  tested: (value, quality) => `${mbps(value)}: empfohlen ist ${levels[quality]}.`,
  notMeasured: 'Nichts war messbar; angenommen werden 2,0 Mbit/s.',
  buffer: 'Puffer',
  target: 'Ziel',
  maximum: 'Höchstens',
  lowMark: 'Untere Marke',
  beforePlay: 'Vor dem Start',
  preloads: {
    auto: 'Gefüllt, bevor Sie abspielen',
    metadata: 'Nur die Beschreibung des Titels',
  },
  seconds: (value) => `${value.toLocaleString('de', { maximumFractionDigits: 1 })} s`,
};
