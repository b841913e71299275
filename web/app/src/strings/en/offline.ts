// Music kept on the device, the app without a network, and newer versions of it.

const plural = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

export const offline = {
  title: 'Offline',
  about: (count: number, size: string) => `${plural(count, 'track', 'tracks')}, ${size}`,
  keep: 'Keep offline',
  keepAll: 'Keep offline',
  kept: 'Kept on this device',
  keptAll: 'Kept offline',
  remove: 'Remove from this device',
  removeTrack: (title: string) => `Remove ${title} from this device`,
  stop: 'Stop keeping',
  stopTrack: (title: string) => `Stop keeping ${title}`,
  stopAll: 'Stop the rest',
  removeAll: 'Remove all',
  sure: (count: number) => `Remove ${plural(count, 'track', 'tracks')} from this device?`,
  yes: 'Remove',
  no: 'Keep',
  waiting: 'Waiting for its turn',
  coming: (percent: number) => `${percent} % is here`,
  progress: (done: number, total: number) => `${done} of ${total} are here`,
  failed: 'Could not be kept',
  retry: 'Try again',
  onItsWay: 'On its way',
  here: 'On this device',
  empty: 'Nothing is kept here yet',
  emptyHow:
    'Choose “Keep offline” on the page of an album or in the menu of a track. What is kept plays ' +
    'without a network, and without the server.',
  missing:
    'This browser lets the page store nothing, as in a private window. Music cannot be kept here.',
  opening: 'Looking for what is kept',
  room: (used: string, quota: string) => `${used} of ${quota} that this browser gives are in use`,
  quality: (name: string) => `New copies are kept in ${name}.`,
  change: 'Change',
  insecure:
    'Over plain HTTP a browser forgets the app itself when the network is gone. Over HTTPS it ' +
    'opens without one.',
  install: 'Install as an app',
  unreachable: 'The server cannot be reached.',
  unreachableKept: 'The server cannot be reached. What is kept on this device plays.',
  show: 'Show it',
  update: {
    ready: 'A newer version of this app is ready.',
    load: 'Load it',
    wait: 'Load it when the music pauses',
    waits: 'It is loaded as soon as the music pauses.',
  },
};
