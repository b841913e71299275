// The four steps of the ladder, in words, heights and colours.

import type { Quality, RungView } from '@quicksync/player';

import { words } from '../strings/words.ts';

/** 1 to 4. */
export const STEP: Readonly<Record<Quality, number>> = { low: 1, medium: 2, high: 3, ultra: 4 };

export const QUALITY_COLOUR: Readonly<Record<Quality, string>> = {
  low: 'bg-low',
  medium: 'bg-medium',
  high: 'bg-high',
  ultra: 'bg-ultra',
};

const CODECS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/opus/i, 'Opus'],
  [/mp4a\.(40\.34|6b)|^mp3/i, 'MP3'],
  [/mp4a|^aac/i, 'AAC'],
  [/flac/i, 'FLAC'],
  [/alac/i, 'ALAC'],
  [/vorbis/i, 'Vorbis'],
  [/pcm/i, 'PCM'],
];

/** A codec as people call it: of a MIME type's `codecs`, or of a source file. */
export const codecName = (codec: string): string =>
  CODECS.find(([pattern]) => pattern.test(codec))?.[1] ?? codec.toUpperCase();

/** `codec`: as manifests name it. */
export const badgeText = ({ quality, bitrateKbps }: RungView, codec = 'opus'): string =>
  words.quality.badge(words.quality.names[quality].toUpperCase(), codecName(codec), bitrateKbps);
