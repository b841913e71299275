// Files to keep, copies for listening offline, and the room they take.

export const downloads = {
  keep: 'What is kept',
  keepAbout: 'Kept music is heard many times: it may be worth more, or less, than what streams.',
  rules: { download_quality: 'Files to keep', offline_quality: 'Copies for listening offline' },
  hints: {
    download_quality: 'What “Download” of a track gives; unruled, as “Apply to downloads” says.',
    offline_quality: 'What this app stores, to play without a network.',
  },
  unruled: {
    download_quality: 'As the preference says',
    offline_quality: 'The same as of files',
  },
  storage: {
    title: 'Kept on this device',
    about: 'Music that plays without a network, in this browser’s own storage.',
    music: (tracks: string, size: string) => `${tracks}, ${size}`,
    room: 'Room of this browser',
    roomOf: (used: string, all: string) => `${used} of ${all} used, by everything of this app`,
    clear: 'Remove all of it',
    question: (count: number) =>
      `Remove all music from this device (${count})? It stays on the server.`,
    see: 'See what is kept',
  },
};
