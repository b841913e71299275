// Whether what a player played is the track: its length to the sample, and the tone that it is.

const RATE = 48_000;
const TONE_HZ = 440;
const AMPLITUDE = 0.1;
/** Full scale by which a codec may miss the tone. */
const TOLERANCE = 0.02;
/**
 * Samples of a packet. In segments the first one has nobody to overlap with and fades in, and how much
 * of the last one counts is said, but not all players ask. FLAC has neither trouble.
 */
const PACKETS = { 'HLS Opus': 960, DASH: 960, 'HLS MP3': 1152 };

/** The greatest departure from the tone, and where; not in the samples that are `excused`. */
function departure(pcm, samples, excused) {
  let worst = { by: 0, at: 0 };
  const step = (2 * Math.PI * TONE_HZ) / RATE;
  for (let n = 0; n < Math.min(samples, pcm.length / 2); n += 1) {
    const by = Math.abs(pcm[2 * n] / 32_768 - AMPLITUDE * Math.sin(step * n));
    if (by > worst.by && !excused(n)) worst = { by, at: n };
  }
  return worst;
}

export function judge({ pcm, warnings }, way, player, { samples, segment_samples: segment }) {
  const whole = pcm.byteLength - (pcm.byteLength % 4);
  const values = new Int16Array(pcm.buffer.slice(pcm.byteOffset, pcm.byteOffset + whole));
  const excess = values.length / 2 - samples;
  const packet = PACKETS[way] ?? 0;
  const start = packet || (player.fadesIn && way.endsWith('Opus') ? PACKETS.DASH : 0);
  const excused = (n) => (player.restarts && packet ? n % segment : n) < start;
  const { by, at } = departure(values, samples, excused);
  const figures = { excess, departure: by.toFixed(4), ...(by > TOLERANCE && { at }), warnings };
  const isWhole = excess >= -(player.mayCut ?? 0) && excess <= packet;
  return { ok: warnings.length === 0 && isWhole && by <= TOLERANCE, figures };
}
