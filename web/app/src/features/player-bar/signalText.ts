// What is said of each station on the way of the sound. Pure.

import type { Crossfade, Leveling, PlayerState, QueueTrack, RungView } from '@quicksync/player';

import { codecName } from '../../playback/quality.ts';
import { decimal } from '../../strings/size.ts';
import { words } from '../../strings/words.ts';

type Signal = NonNullable<PlayerState['signal']>;
type Estimate = NonNullable<PlayerState['estimate']>;

const list = (parts: readonly (string | null)[]): string => parts.filter(Boolean).join(', ');
const khz = (hz: number): string => words.quality.khz(decimal(hz / 1000));

export function sourced(source: Signal['source']): string {
  if (!source) return words.quality.unknownSource;
  const { codec, bitrateKbps, sampleRateHz, bitsPerSample, channels } = source;
  return list([
    `${codecName(codec)} ${words.quality.rate(bitrateKbps)}`,
    khz(sampleRateHz),
    bitsPerSample === null ? null : words.quality.bits(bitsPerSample),
    words.quality.channels(channels),
  ]);
}

export function rendered({ codec, sampleRateHz }: Signal, playing: RungView | null): string {
  const name = codecName(codec);
  return list([
    playing ? words.quality.names[playing.quality] : null,
    playing ? `${name} ${words.quality.rate(playing.bitrateKbps)}` : name,
    khz(sampleRateHz),
  ]);
}

export function delivered({ delivery }: Signal, estimate: Estimate | null): string {
  if (delivery === 'stored') return words.quality.stored;
  if (!estimate) return words.quality.unmeasured;
  const [rate, low, high] = [estimate.expectedKbps, estimate.lowKbps, estimate.highKbps].map(
    words.quality.rate,
  );
  return words.quality.expected(rate ?? '', low ?? '', high ?? '');
}

export function played(leveling: Leveling, rate: number): string {
  return list([
    words.quality.levelled[leveling],
    rate === 1 ? null : words.quality.faster(decimal(rate)),
  ]);
}

/** How the next track joins the one that plays. */
export function followed(
  track: QueueTrack | null,
  next: QueueTrack | null,
  { seconds, albums }: Crossfade,
): string {
  if (!next) return words.quality.last;
  const isAlbum = track?.albumId !== undefined && track.albumId === next.albumId;
  if (seconds === 0 || (isAlbum && !albums)) return words.quality.gapless(next.title);
  return words.quality.fades(next.title, decimal(seconds));
}
