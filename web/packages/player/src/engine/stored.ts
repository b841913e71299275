// Tracks kept on this device: what the engine needs of them. How they got there is told in
// `offline/`.

import type { Manifest } from '../net/manifest.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** One track, whole, at one quality. */
export interface StoredTrack {
  /** Its ladder has one rung: what is stored. */
  readonly manifest: Manifest;
  readonly init: Bytes;
  /** `null` if it is gone after all: browsers may take back what they gave. */
  read(piece: number | 'warm-up'): Promise<Bytes | null>;
}

export interface StoredTracks {
  /** The best copy there is; `null` if none is whole. */
  open(trackId: string): Promise<StoredTrack | null>;
}
