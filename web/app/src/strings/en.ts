// Every sentence and label the app itself says, in English: the language the others are measured
// against. Sentences of the server and of the decision core come from them.

import type { ErrorCode } from '@quicksync/player';

import { analytics } from './en/analytics.ts';
import { devices } from './en/devices.ts';
import { downloads } from './en/downloads.ts';
import { network } from './en/network.ts';
import { offline } from './en/offline.ts';
import { sound } from './en/sound.ts';
import { settings } from './en/settings.ts';
import { speed } from './en/speed.ts';
import { stats } from './en/stats.ts';
import { whatIf } from './en/whatIf.ts';

const plural = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

export const en = {
  name: 'Quick Sync',
  nav: {
    label: 'Main',
    albums: 'Albums',
    artists: 'Artists',
    tracks: 'Tracks',
    search: 'Search',
    queue: 'Queue',
    offline: 'Offline',
    settings: 'Settings',
    stats: 'Playback',
    analytics: 'Listening',
    reference: 'API',
    house: 'Server and settings',
    skip: 'Skip to the music',
    more: 'More',
  },
  time: {
    justNow: 'just now',
    minutes: (count: number) => `${count} min`,
    hours: (hours: number, minutes: number) => `${hours} h ${minutes} min`,
  },
  errors: {
    unreachable: 'The server cannot be reached. Check that it runs and that you are online.',
    server: 'The server failed. Its log says why.',
    refused: 'The server refused this request.',
    /** What the server refused, where its own English sentence will not do. */
    problem: (_code: string, _field: string | null): string | null => null,
    retry: 'Try again',
    notFound: 'There is nothing at this address.',
    home: 'Back to the albums',
    crash: 'This page broke. Loading it again usually helps.',
  },
  auth: {
    login: 'Log in',
    loginIntro: 'Your music, at the best quality that never stalls.',
    name: 'Name',
    password: 'Password',
    show: 'Show password',
    hide: 'Hide password',
    ended: 'Your login has ended. Log in to go on.',
    setup: 'Set up Quick Sync',
    setupIntro: 'Choose the name and password of the first account. It administers this server.',
    create: 'Create account',
    passwordRule: 'At least 8 characters.',
    repeat: 'Password again',
    mismatch: 'The two passwords differ.',
    noSecret:
      'This page needs the whole set-up link that the server printed when it started, with ' +
      'everything after the # sign.',
    setupDone: 'Is there an account already? Then log in.',
  },
  library: {
    albums: (count: number) => plural(count, 'album', 'albums'),
    tracks: (count: number) => plural(count, 'track', 'tracks'),
    artists: (count: number) => plural(count, 'artist', 'artists'),
    play: 'Play',
    playAll: 'Play all',
    addToQueue: 'Add to queue',
    playNext: 'Play next',
    goToAlbum: 'Go to album',
    goToArtist: 'Go to artist',
    actions: (title: string) => `More for ${title}`,
    playTrack: (title: string) => `Play ${title}`,
    playAlbum: (title: string) => `Play the album ${title}`,
    disc: (number: number) => `Disc ${number}`,
    unknownArtist: 'Unknown artist',
    unknownAlbum: 'No album',
    sort: 'Order',
    sorts: { album: 'By album', title: 'By title', added: 'Newest first' },
    albumSorts: { artist: 'By artist', title: 'By title', added: 'Newest first' },
    loading: 'Loading',
    empty: 'No music yet',
    emptyHow:
      'Quick Sync plays the folders it was started with. Put music into one of them and it ' +
      'appears here by itself, or start the server with another folder:',
    emptyCommand: 'quicksync serve --music ~/Music',
    emptyProblems: 'Files are there but nothing shows? See which could not be read.',
  },
  search: {
    label: 'Search tracks, albums and artists',
    placeholder: 'Title, album, artist',
    hint: 'Type a few letters of a title, an album or an artist.',
    none: (text: string) => `Nothing matches “${text}”.`,
    found: (count: number) => plural(count, 'match', 'matches'),
    all: {
      albums: (count: number) =>
        count === 1 ? '1 album' : `All ${count.toLocaleString('en')} albums`,
      artists: (count: number) =>
        count === 1 ? '1 artist' : `All ${count.toLocaleString('en')} artists`,
    },
    back: 'Back to everything found',
  },
  queue: {
    title: 'Queue',
    empty: 'The queue is empty',
    emptyHow: 'Play an album or add a track, and what comes next is listed here.',
    now: 'Now',
    next: 'Next',
    before: 'Played',
    remove: (title: string) => `Remove ${title} from the queue`,
    up: (title: string) => `Move ${title} up`,
    down: (title: string) => `Move ${title} down`,
    shuffle: 'Shuffle what comes next',
    clear: 'Clear what comes next',
  },
  player: {
    label: 'Player',
    play: 'Play',
    pause: 'Pause',
    next: 'Next track',
    previous: 'Previous track',
    seek: 'Position in the track',
    volume: 'Volume',
    mute: 'Mute',
    unmute: 'Unmute',
    queue: 'Show the queue',
    open: 'Open the player',
    close: 'Close',
    nothing: 'Nothing is playing',
    position: (now: string, end: string) => `${now} of ${end}`,
    nowPlaying: (title: string, artist: string) =>
      artist ? `Now playing ${title} by ${artist}` : `Now playing ${title}`,
    stalled: 'Waiting for the network',
    missing: 'The player could not be loaded. Load the page again.',
    /** What the player fails at, where its own English sentence will not do. */
    failures: {} as Readonly<Partial<Record<ErrorCode, string>>>,
    recovered: 'The network is back.',
    retry: 'Try again',
    dismiss: 'Dismiss',
  },
  quality: {
    names: { low: 'Low', medium: 'Medium', high: 'High', ultra: 'Ultra' },
    auto: 'Auto',
    held: 'Held',
    mode: 'Quality',
    modes: {
      auto: 'Follow the network',
      low: 'Least data',
      medium: 'Balanced',
      high: 'Best for most ears',
      ultra: 'Every detail',
    },
    badge: (name: string, codec: string, kbps: number) => `${name} · ${codec} ${kbps}`,
    badgeLabel: (badge: string, chosen: 'auto' | 'held' | 'track') =>
      `Quality ${badge}, ${
        { auto: 'chosen automatically', held: 'held by you', track: 'held for this track' }[chosen]
      }. Show why`,
    track: 'This track',
    none: 'Quality',
    ...sound,
    why: 'Why',
    /** A sentence of the decision core's. */
    reason: (sentence: string): string => sentence,
    noDecision: 'Nothing has been decided yet: play something.',
    fromPosition: (quality: string, time: string) => `${quality} is heard from ${time}`,
    throughput: 'Throughput',
    buffered: 'Buffered',
    stalls: 'Stalls',
    none_yet: 'not measured yet',
    stallsOf: (count: number, total: string) =>
      count === 0 ? 'none' : `${count}, ${total} s in all`,
    rate: (kbps: number) =>
      kbps >= 1000 ? `${(kbps / 1000).toFixed(1)} Mbps` : `${Math.round(kbps)} kbps`,
    ahead: (seconds: number, most: number) => `${seconds} of ${most} s`,
    settings: 'All settings',
    stats: 'How it went',
  },
  offline,
  stats,
  settings,
  network,
  speed,
  downloads,
  devices,
  analytics,
  whatIf,
  reference: {
    title: 'API',
    intro: 'Everything this app does, another program can do too.',
    filter: 'Filter operations',
    parameters: 'Parameters',
    body: 'Request body',
    responses: 'Responses',
    required: 'required',
    send: 'Send',
    answer: 'Answer',
    try: 'Try it',
    download: 'OpenAPI document',
    none: 'No operation matches.',
    access: {
      public: 'anyone',
      user: 'users',
      admin: 'administrators',
      media: 'users and media tickets',
    } as Record<string, string>,
  },
  shortcuts: {
    title: 'Keyboard',
    help: 'Keyboard shortcuts',
    list: [
      ['Space', 'Play or pause'],
      ['← →', 'Back or ahead by 5 seconds'],
      ['↑ ↓', 'Louder or softer'],
      ['n', 'Next track'],
      ['p', 'Previous track'],
      ['m', 'Mute'],
      ['/', 'Search'],
      ['q', 'Queue'],
      ['?', 'This list'],
    ] as readonly (readonly [keys: string, deed: string])[],
  },
};

/** What every language has to say. */
export type Words = typeof en;
