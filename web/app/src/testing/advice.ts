// What a server believes and advises, whole: for pages that show all of it.

const preferences = {
  mode: 'auto',
  prefer_quality: true,
  adapt_to_system: true,
  auto_download_quality: false,
};

/** An answer of `status/`; `change` replaces whole parts of it. */
export const statusAnswer = (change: Readonly<Record<string, object>> = {}) => ({
  status: {
    network: {
      speed_mbps: 3.5,
      status: 'good',
      kind: 'unknown',
      is_metered: false,
      saves_data: false,
      ...change['network'],
    },
    system: {
      cpu_percent: 25,
      memory_percent: 60,
      memory_available_mb: 3000,
      disk_percent: 40,
      encode_waiting: 0,
      load_cause: null,
      effective: { cpu_percent: 25, memory_percent: 60 },
      background_cpu_percent: 0,
      status: 'low_load',
      ...change['system'],
    },
    quality: {
      level: 'high',
      bitrate: 256,
      description: 'High',
      auto_selected: true,
      cap: null,
      cap_reason: null,
      ...change['quality'],
    },
    buffer: { buffer_size: 15, preload: 'auto', max_buffer_size: 30, rebuffer_threshold: 4.5 },
  },
  preferences,
  device: { overridden: [], preferences: { ...preferences, ...change['device'] } },
});

const NO_CAPS = { wifi: null, cellular: null, ethernet: null, unknown: null, metered: null };

export const rulesBody = (caps: object = {}) => ({
  caps: { ...NO_CAPS, ...caps },
  download_quality: null,
  offline_quality: null,
});

export const deviceBody = (change: object = {}) => ({
  id: 'd',
  name: 'Firefox on Linux',
  network_kind: 'wifi',
  is_metered: false,
  saves_data: false,
  first_seen: 1.7e9,
  last_seen: 1.79e9,
  caps: NO_CAPS,
  overrides: {},
  download_quality: null,
  offline_quality: null,
  budget: null,
  ...change,
});
