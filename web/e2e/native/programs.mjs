// The players that people have installed: how each is told to write what it plays into a file, as
// stereo of 16 bits and 48 kHz, and what it says when it is not content.

const RAW = ['-f', 's16le', '-ac', '2', '-ar', '48000'];
/** VLC refuses to run as root; anybody will do. */
const NOBODY = 65_534;

const toFile = (file) => `std{access=file,mux=raw,dst=${file}}`;
const CAPS = 'audio/x-raw,format=S16LE,channels=2,rate=48000';

/**
 * `complains` is what a line of a warning looks like, but for those that are `harmless`: said of
 * every file or machine of this kind. `mayCut` are samples that a player leaves off at the end of
 * anything, `fadesIn` whether it starts Ogg Opus without the packet that is there to be left out, and
 * `restarts` whether it takes a fresh decoder where the quality changes, which fades in.
 */
export const PLAYERS = [
  {
    name: 'ffmpeg',
    program: 'ffmpeg',
    version: ['-version'],
    args: (url, file) => ['-v', 'warning', '-nostdin', '-y', '-i', url, ...RAW, file],
    complains: /\S/,
    // Of every WAV file that names no loudspeakers, as the original is one.
    harmless: /Guessed Channel Layout/,
  },
  {
    name: 'mpv',
    program: 'mpv',
    version: ['--version'],
    args: (url, file) => [
      ...['--no-config', '--no-video', '--ao=pcm', `--ao-pcm-file=${file}`],
      ...['--ao-pcm-waveheader=no', '--audio-format=s16', '--audio-channels=stereo'],
      ...['--audio-samplerate=48000', '--msg-level=all=warn', url],
    ],
    complains: /\S/,
  },
  {
    name: 'VLC',
    program: 'cvlc',
    version: ['--version'],
    nobody: true,
    args: (url, file) => [
      ...['--no-video', '--no-interact', '--ignore-config', '--play-and-exit', '--verbose=1'],
      ...[
        '--no-dbus',
        '--sout',
        `#transcode{acodec=s16l,channels=2,samplerate=48000}:${toFile(file)}`,
      ],
      ...['--sout-keep', url],
    ],
    complains: /\b(warning|error): /,
    // No sound card, no desktop; every fragmented MP4; the end of every file.
    harmless:
      /vlcpulse|interface|libvlc error|no chunk defined|STTS table of 0|no more input streams|logical stream|access caching/,
    mayCut: 1152,
    fadesIn: true,
  },
  {
    name: 'GStreamer',
    program: 'gst-launch-1.0',
    version: ['--version'],
    env: { GST_DEBUG: '1', GST_DEBUG_NO_COLOR: '1' },
    args: (url, file) => [
      ...['-q', 'playbin', `uri=${url}`, 'video-sink=fakesink'],
      `audio-sink=audioconvert ! audioresample ! ${CAPS} ! filesink location=${file} sync=false`,
    ],
    complains: /\bERROR\b|WARNING:|ERROR:/,
    // Of every WAV file, in which it looks for DTS first.
    harmless: /audio\/x-dts/,
    restarts: true,
  },
];

/** How to start `player`. */
export const startOf = (player, url, file, home) => ({
  command: player.program,
  args: player.args(url, file),
  options: {
    env: { ...process.env, HOME: home, ...player.env },
    ...(player.nobody && process.getuid() === 0 ? { uid: NOBODY, gid: NOBODY } : {}),
  },
});
