// Makes the music: one tone whose phase goes on from file to file, so that any flaw in playback,
// also at a join, is a departure from it.

import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const RATE = 48_000;
const TONE_HZ = 440;
const AMPLITUDE = 0.1;
const FRAME_BYTES = 4;
const BLOCK_FRAMES = 48_000;

/**
 * Lengths in samples. The joined ones meet in the middle of a packet, and where the tone is small:
 * each was encoded as if silence lay beyond, and that rings where it is large.
 */
export const TRACKS = [
  { title: 'Long', samples: 275 * RATE + 11, from: 0 },
  { title: 'First half', samples: 21 * RATE + 12_329, from: 0 },
  { title: 'Second half', samples: 13 * RATE + 501, from: 21 * RATE + 12_329 },
];

/** One recording, cut at odd samples: whatever is heard at a cut is the player's, or the server's. */
export const ALBUM = [4.3, 3.1, 5.7, 3.9, 4.1].reduce((tracks, length, index) => {
  const { from = 0, samples = 0 } = tracks.at(-1) ?? {};
  const odd = 2 * Math.round((length * RATE) / 2) + 1;
  const place = { album: 'One recording', number: index + 1 };
  return [...tracks, { title: `Cut ${index + 1}`, from: from + samples, samples: odd, ...place }];
}, []);
/** Two tones that can be told apart while they sound together, each on an album of its own. */
export const PAIR = [440, 660].map((hz) => ({
  ...{ title: `${hz} Hz`, album: `${hz}`, number: 1 },
  ...{ from: 0, samples: 15 * RATE, hz },
}));

/** Tracks that begin and end softly, as music does: whatever clicks between two of them is the player's. */
export const SOFT = [4.3, 3.1, 5.7].map((length, index) => ({
  ...{ title: `Soft ${index + 1}`, album: 'Soft', number: index + 1 },
  ...{ from: 0, samples: 2 * Math.round((length * RATE) / 2) + 1, edge: RATE / 50 },
}));

/** Writes tracks as tagged WAV files into `folder`. */
export function writeTones(folder, tracks = TRACKS) {
  tracks.forEach((track, index) => writeTone(join(folder, `${index + 1}.wav`), track, index + 1));
}

function writeTone(path, track, number) {
  const { title, album = 'Tones', number: place = number, hz = TONE_HZ } = track;
  const tags = info({ INAM: title, IART: 'Tone', IPRD: album, ITRK: String(place) });
  const bytes = track.samples * FRAME_BYTES;
  const file = openSync(path, 'w');
  writeSync(file, header(bytes, tags.length));
  for (let at = 0; at < track.samples; at += BLOCK_FRAMES) {
    const frames = Math.min(BLOCK_FRAMES, track.samples - at);
    writeSync(file, tone(track.from + at, frames, hz, edgesOf(track, at)));
  }
  writeSync(file, tags);
  closeSync(file);
}

/** How loud a track is, sample by sample from `at`: 1 between its edges. */
function edgesOf({ samples, edge = 0 }, at) {
  const rise = (distance) =>
    distance < edge ? (1 - Math.cos((Math.PI * distance) / edge)) / 2 : 1;
  return (i) => rise(Math.min(at + i, samples - 1 - at - i));
}

function tone(from, frames, hz, loudness) {
  const samples = new Int16Array(frames * 2);
  for (let i = 0; i < frames; i += 1) {
    const turns = ((from + i) * hz) / RATE;
    samples.fill(
      Math.round(32_768 * AMPLITUDE * loudness(i) * Math.sin(2 * Math.PI * (turns % 1))),
      2 * i,
      2 * i + 2,
    );
  }
  return new Uint8Array(samples.buffer);
}

function header(dataBytes, tagBytes) {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + dataBytes + tagBytes, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(2, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(RATE * FRAME_BYTES, 28);
  head.writeUInt16LE(FRAME_BYTES, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(dataBytes, 40);
  return head;
}

/** A `LIST` of `INFO` tags. */
function info(tags) {
  const fields = Object.entries(tags).map(([id, text]) => {
    const value = Buffer.from(`${text}\0${text.length % 2 ? '' : '\0'}`);
    return riff(id, value);
  });
  return riff('LIST', Buffer.concat([Buffer.from('INFO'), ...fields]));
}

function riff(id, body) {
  const head = Buffer.alloc(8);
  head.write(id, 0);
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}
