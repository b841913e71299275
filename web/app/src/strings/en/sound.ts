// What the sound is made of on its way to the ear, what it will change to, and a choice for one
// track.

export const sound = {
  change: (name: string, time: string) => `${name} from ${time}`,
  changeComing: (name: string, time: string) => `${name} from ${time}, still on its way`,
  onlyThis: 'For this track only',
  asChosen: 'As below',
  path: 'The way of the sound',
  stages: {
    source: 'File',
    rendition: 'Sent as',
    delivery: 'Through',
    decoder: 'Decoded by',
    output: 'Played',
  },
  unknownSource: 'The server does not say',
  khz: (rate: string) => `${rate} kHz`,
  bits: (bits: number) => `${bits} bit`,
  channels: (count: number) => ({ 1: 'mono', 2: 'stereo' })[count] ?? `${count} channels`,
  stored: 'Kept on this device, no network needed',
  expected: (rate: string, low: string, high: string) =>
    `A network of about ${rate}, likely between ${low} and ${high}`,
  unmeasured: 'A network not measured yet',
  decoder: (codec: string) => `This browser’s decoder for ${codec}`,
  gapless: (title: string) => `${title} follows without a gap`,
  fades: (title: string, seconds: string) => `${title} fades in over ${seconds} s`,
  skipped: (title: string, reason: string) => `Passed over “${title}”: ${reason}`,
  last: 'Nothing follows',
  levelled: {
    off: 'as loud as it was made',
    track: 'one loudness for every track',
    album: 'one loudness for every album',
  },
  faster: (rate: string) => `${rate} times as fast`,
};
