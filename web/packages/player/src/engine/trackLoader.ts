// Gets everything that a track needs before its first segment.

import { supportedType } from '../media/mediaSource.ts';
import type { QueueTrack } from '../state.ts';
import { LoadError, type ManifestLoader } from './manifestLoader.ts';
import type { LoadedTrack } from './trackRun.ts';

export async function loadTrack(
  track: QueueTrack,
  loader: ManifestLoader,
  isTypeSupported: (mimeType: string) => boolean,
  signal: AbortSignal,
): Promise<LoadedTrack> {
  const manifest = await loader.manifest(track.id, signal);
  const codec = manifest.ladder[0]?.codec ?? '';
  const mimeType = supportedType(codec, isTypeSupported);
  if (!mimeType) {
    throw new LoadError('unsupported', `This browser does not play ${codec} in pieces.`);
  }
  const init = await loader.init(manifest, signal);
  return { track, manifest, init, mimeType };
}
