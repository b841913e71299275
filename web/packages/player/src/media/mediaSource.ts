// Finds the browser's media source and the spelling of a codec that it knows.

import type { MediaElementPort, MediaSourceFactory } from '../platform.ts';

/** Safari knows only the second spelling of Opus, and some browsers only the first of FLAC. */
const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  opus: ['opus', 'Opus'],
  flac: ['fLaC', 'flac'],
};

/** The MIME type to append `codec` with; `null` if the browser does not play it. */
export function supportedType(
  codec: string,
  isTypeSupported: (mimeType: string) => boolean,
): string | null {
  const spellings = SPELLINGS[codec.toLowerCase()] ?? [codec];
  const types = spellings.map((spelling) => `audio/mp4; codecs="${spelling}"`);
  return types.find((type) => isTypeSupported(type)) ?? null;
}

interface Scope {
  readonly MediaSource?: typeof MediaSource | undefined;
  readonly ManagedMediaSource?: typeof MediaSource | undefined;
  readonly URL: Pick<typeof URL, 'createObjectURL' | 'revokeObjectURL'>;
}

/** `MediaSource` where there is one, else the managed kind of iPhones; `null` without either. */
export function browserMediaSource(
  scope: Scope = globalThis as unknown as Scope,
): MediaSourceFactory | null {
  const Source = scope.MediaSource ?? scope.ManagedMediaSource;
  if (!Source) return null;
  const managed = Source !== scope.MediaSource;
  return {
    isTypeSupported: (mimeType) => Source.isTypeSupported(mimeType),
    create: () => new Source(),
    attach(element: MediaElementPort, source) {
      // A managed source opens only where the sound cannot move to another device.
      if (managed) element.disableRemotePlayback = true;
      const url = scope.URL.createObjectURL(source);
      element.src = url;
      return () => {
        element.removeAttribute('src');
        element.load();
        scope.URL.revokeObjectURL(url);
      };
    },
  };
}
