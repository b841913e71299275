// The page that shows how playback went.

export const stats = {
  title: 'Playback',
  about: 'What this page has played since it was opened: what was measured and decided, and why.',
  nothing: 'Nothing yet: play something.',
  throughput: 'Throughput',
  throughputAbout:
    'Throughput of each transfer and the rate of the quality asked for, over the last minutes.',
  measured: 'measured',
  rung: 'quality asked for',
  buffer: 'Buffer',
  bufferAbout:
    'Seconds of music ahead of the sound over the last minutes, with its targets; stalls are shaded.',
  ahead: 'ahead of the sound',
  most: 'maximum',
  lowMark: 'low mark',
  waterfall: 'Transfers',
  segment: (number: number) => `no. ${number}`,
  outcomes: {
    loading: 'loading',
    kept: 'kept',
    thrown: 'replaced',
    abandoned: 'abandoned',
    failed: 'failed',
  },
  decisions: 'Decisions',
  at: 'At',
  segmentHead: 'Segment',
  startup: 'Start-up',
  switches: 'Quality switches',
  loaded: 'Loaded',
  wasted: 'Wasted',
  secs: (value: number) => `${value.toFixed(1)} s`,
  megabytes: (value: number) => `${value.toFixed(1)} MB`,
  percent: (value: number) => `${value.toFixed(1)} %`,
  saveLog: 'Save the decision log',
  saveTransfers: 'Save the transfers',
};
