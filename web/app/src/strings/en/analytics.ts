// What all listening adds up to, and what happened in one playback session.

export const analytics = {
  title: 'Listening',
  about: 'How your music sounded: every playback session this server was told of, added up.',
  time: 'Time',
  spans: { '7': '7 days', '30': '30 days', '90': '90 days', '365': 'A year' },
  whose: 'Whose listening',
  who: { mine: 'Mine', everyone: 'Everyone’s' },
  csv: 'CSV',
  json: 'JSON',
  nothing: (days: number) => `Nothing heard in ${days} days`,
  nothingHow: 'Play something, and come back after a song. Then this page says:',
  nothingList: [
    'for how long you heard each quality, and what that saved against ultra all the time',
    'how soon music started, and whether it ever stalled',
    'how much of that was Wi-Fi, cellular, this phone or that laptop',
    'for each playback session, what was decided and why',
  ],
  playSomething: 'Play something',
  sentence: (time: string, stalls: number, saved: string) => {
    const times = stalls === 1 ? 'one stall' : `${stalls} stalls`;
    return `${time} of music with ${stalls === 0 ? 'no stall' : times}, ${saved}.`;
  },
  saved: (size: string) => `and ${size} less data than ultra all the time`,
  spent: (size: string) => `and ${size} more data than ultra all the time`,
  unknown: 'not known',
  stallsPerHour: 'Stalls an hour',
  startup: 'Start-up, median\u00a0/\u00a095\u00a0%',
  switches: 'Switches',
  bytes: 'Media loaded',
  wasted: 'Never heard',
  qoe: 'Experience',
  score: (value: number) => value.toFixed(3),
  qoeAbout:
    'Experience is 1 for ultra from the first moment without any trouble. Lower qualities, changes ' +
    'of quality, stalls and waiting for the start take from it.',
  heard: 'Time heard at each quality',
  never: 'never',
  groups: 'Compared by',
  bys: {
    day: 'Day',
    device: 'Device',
    network_kind: 'Network',
    player: 'Player',
    user: 'Person',
  },
  heads: {
    heard: 'Heard',
    stalls: 'Stalls/h',
    startup: 'Start-up',
    bytes: 'Loaded',
    saved: 'Saved',
  },
  sessions: 'Playback sessions',
  notHeard: 'nothing heard',
  stallsOf: (count: number) =>
    count === 0 ? 'no stall' : count === 1 ? '1 stall' : `${count} stalls`,
  qoeOf: (score: string) => `experience ${score}`,
  unknownTrack: 'A track that is not known',
  session: 'Playback session',
  back: 'All listening',
  events: 'What happened',
  noEvents: 'Its player told of nothing.',
  noLog: 'Its player sent no decision log.',
  happened: {
    startup: (lasted: string) => `First sound after ${lasted}`,
    heard: (lasted: string, quality: string) => `${lasted} heard at ${quality}`,
    stall: (lasted: string) => `Stalled for ${lasted}`,
    switch: (from: string, to: string) => `From ${from} to ${to}`,
    abandon: (size: string) => `A transfer was abandoned after ${size}`,
    fetched: (size: string) => `${size} loaded`,
    wasted: (size: string) => `${size} will not be heard`,
    seek: 'Jumped to another place',
    end: 'The end',
  },
  optimum: {
    title: 'Beside the optimum',
    about:
      'The optimum is a player that knows the network in advance, holds any amount of music and ' +
      'may replace it. Nobody can do better on the same network; nobody can do as well without ' +
      'knowing the future.',
    pending: 'Not reckoned yet: the server does that some minutes after the end.',
    lasting: 'The session still lasts, or its player never said that it ended.',
    distance: (least: string, most: string) =>
      `Between ${least} and ${most} of experience behind the best there could have been.`,
    outcomes: {
      nothing_heard: 'Nothing was heard: there is nothing to compare.',
      unknown_network: 'Too little is known of its network to compare.',
      too_long: 'It lasted too long to compare: more than 16 minutes.',
      failed: 'The comparison failed. The server’s log says why.',
    } as Readonly<Record<string, string>>,
  },
};
