// A playback's network under other policies.

export const whatIf = {
  title: 'What if another policy had played?',
  about:
    'Plays the present track again from its start, over the network that this page has measured: ' +
    'by our own decisions, at fixed qualities, and by the published rules of other players. It ' +
    'happens here in your browser; nothing is sent.',
  start: 'Play it again',
  again: 'Play it again',
  running: 'Playing it again',
  done: (count: number) => `${count} policies have played it again.`,
  failed: (why: string) => `It could not be played again: ${why}.`,
  measured: (span: string, share: string) =>
    `The network was watched for ${span} and measured in ${share} of that time; between, it is ` +
    'taken to have changed evenly.',
  verdict: (place: number, best: string, first: boolean) =>
    first
      ? 'On it our policy gives the best experience of all.'
      : `On it ${best} gives the best experience; ours comes in place ${place}.`,
  optimum: (least: string, most: string) =>
    least === most
      ? `Nobody could have done better than ${most}, not even knowing what was to come.`
      : `Nobody could have done better than ${least} to ${most}, not even knowing what was to come.`,
  warning:
    'One network proves little: a policy that wins here may have been lucky, and one that lost may ' +
    'have been careful.',
  heads: {
    policy: 'Policy',
    qoe: 'Experience',
    kbps: 'Mean kbps',
    stalls: 'Stalls',
    startup: 'Start-up',
    wasted: 'Wasted',
  },
  stallsOf: (count: number, total: string) => (count === 0 ? 'none' : `${count}, ${total}`),
  groups: { ours: 'our own', fixed: 'one quality', peer: 'another player’s rule' },
  policies: {
    quicksync: 'Quality first',
    'quicksync-steady': 'Stability first',
    low: 'Always low',
    medium: 'Always medium',
    high: 'Always high',
    ultra: 'Always ultra',
    hlsjs: 'hls.js',
    shaka: 'Shaka',
    dynamic: 'dash.js, dynamic',
    media3: 'Media3 (ExoPlayer)',
    'bola-e': 'BOLA-E',
    robustmpc: 'RobustMPC',
    bba: 'Buffer-based (BBA)',
    throughput: 'Throughput rule',
    thresholds: 'Fixed thresholds',
  } as Readonly<Record<string, string>>,
};
