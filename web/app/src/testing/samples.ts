import type { PlayerState } from '@quicksync/player';

import type { Album, Track } from '../api/wire.ts';

export const track = (change: Partial<Track> = {}): Track => ({
  id: 't1',
  title: 'Northern Mountains',
  artist: 'The Lantern Choir',
  artist_id: 'ar1',
  album: 'Midwinter Atlas',
  album_id: 'al1',
  track_number: 1,
  disc_number: 1,
  year: 2019,
  cover_url: null,
  duration_s: 214,
  problem: null,
  genre: null,
  codec: 'flac',
  sample_rate: 44_100,
  channels: 2,
  bits_per_sample: 16,
  bitrate_kbps: 800,
  size_bytes: 21_400_000,
  is_available: true,
  added_at: 1.7e9,
  manifest_url: 'http://music.test/api/tracks/t1/manifest/',
  ...change,
});

export const album = (change: Partial<Album> = {}): Album => ({
  id: 'al1',
  title: 'Midwinter Atlas',
  artist: 'The Lantern Choir',
  artist_id: 'ar1',
  year: 2019,
  cover_url: null,
  track_count: 9,
  duration_s: 2600,
  added_at: 1.7e9,
  tracks_url: 'http://music.test/api/tracks/?album=al1',
  ...change,
});

/** A player in the middle of a track whose quality has just been lowered. */
export const playing = {
  status: 'playing',
  wantsToPlay: true,
  queue: [
    { id: 't1', title: 'Northern Mountains', artist: 'The Lantern Choir', duration: 200 },
    { id: 't2', title: 'Overture', artist: 'The Lantern Choir', duration: 187 },
  ],
  index: 0,
  track: { id: 't1', title: 'Northern Mountains', artist: 'The Lantern Choir', duration: 200 },
  position: 80,
  duration: 200,
  buffered: [
    { start: 60, end: 100, quality: 'high', bitrateKbps: 256 },
    { start: 100, end: 110, quality: 'low', bitrateKbps: 64 },
  ],
  playing: { quality: 'high', bitrateKbps: 256 },
  decision: { quality: 'low', reason: 'Down to low: 180 kbps expected', position: 100 },
  throughput: 181,
} as unknown as PlayerState;
