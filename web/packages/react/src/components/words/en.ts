import type { PanelWords } from './types.ts';

const mbps = (value: number): string => `${value.toFixed(1)} Mbps`;

export const en: PanelWords = {
  loading: 'Loading…',
  noStatus: 'No status to show.',
  network: 'Network',
  networks: { excellent: 'Excellent', good: 'Good', fair: 'Fair', poor: 'Poor' },
  sources: {
    playback: 'measured while playing',
    listener_probe: 'measured from this device',
    server_probe: 'measured by the server',
    history: 'remembered of this network',
    fallback: 'assumed: nothing could be measured',
  },
  mbps,
  system: 'System',
  systems: { low_load: 'Low load', moderate_load: 'Moderate load', high_load: 'High load' },
  cpu: (percent) => `CPU ${Math.round(percent)} %`,
  memory: (percent) => `Memory ${Math.round(percent)} %`,
  quality: 'Quality',
  levels: { auto: 'auto', low: 'low', medium: 'medium', high: 'high', ultra: 'ultra' },
  kbps: (value) => `${value} kbps`,
  reason: (sentence) => sentence,
  chosenForYou: 'Chosen for you',
  chosenByYou: 'Chosen by you',
  mode: 'Quality mode',
  modes: {
    auto: { name: 'Auto', detail: 'Follows network and system' },
    ultra: { name: 'Ultra', detail: '320 kbps, 144 MB an hour' },
    high: { name: 'High', detail: '256 kbps, 115 MB an hour' },
    medium: { name: 'Medium', detail: '128 kbps, 58 MB an hour' },
    low: { name: 'Low', detail: '64 kbps, 29 MB an hour' },
  },
  preferences: 'Preferences',
  toggles: {
    prefer_quality: {
      name: 'Prefer quality',
      detail: 'Goes higher when there is room. Off: stays where it is steady.',
    },
    adapt_to_system: {
      name: 'Adapt to system',
      detail: 'Goes lower while the server or this device is busy.',
    },
    auto_download_quality: {
      name: 'Apply to downloads',
      detail: 'Downloads use the quality chosen here.',
    },
  },
  speedTest: 'Speed test',
  runTest: 'Run speed test',
  testing: 'Testing…',
  tested: (value, quality) => `${mbps(value)}: ${quality} recommended.`,
  notMeasured: 'Nothing could be measured; 2.0 Mbps is assumed.',
  buffer: 'Buffer',
  target: 'Target',
  maximum: 'Maximum',
  lowMark: 'Low mark',
  beforePlay: 'Before play',
  preloads: {
    auto: 'Filled before you press play',
    metadata: 'Nothing but the track’s description',
  },
  // Without digits that say nothing.
  seconds: (value) => `${Number(value.toFixed(1))} s`,
};
