// Gets everything that a track needs before its first segment.

import { supportedType } from '../media/mediaSource.ts';
import type { QueueTrack } from '../state.ts';
import type { StoredTracks } from './stored.ts';
import { LoadError, type ManifestLoader } from './manifestLoader.ts';
import type { LoadedTrack } from './trackRun.ts';

export async function loadTrack(
  track: QueueTrack,
  loader: ManifestLoader,
  stored: StoredTracks | null,
  isTypeSupported: (mimeType: string) => boolean,
  signal: AbortSignal,
): Promise<LoadedTrack> {
  // A store that fails is as good as an empty one, as long as there is a network.
  const copy = (await stored?.open(track.id).catch(() => null)) ?? null;
  const manifest = copy?.manifest ?? (await loader.manifest(track.id, signal));
  const codec = manifest.ladder[0]?.codec ?? '';
  const mimeType = supportedType(codec, isTypeSupported);
  if (!mimeType) {
    throw new LoadError('unsupported', `This browser does not play ${codec} in pieces.`);
  }
  const init = copy?.init ?? (await loader.init(manifest, signal));
  return { track, manifest, init, mimeType, stored: copy };
}
