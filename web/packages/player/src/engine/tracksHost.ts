// What the tracks of an engine need of it.

import type { DecisionCore } from '../core/contract.ts';
import type { Bounds } from '../preferences.ts';
import type { EngineState, QueueTrack } from '../state.ts';
import type { Kbps, Seconds } from '../units.ts';
import type { CoreLink } from './coreLink.ts';
import type { Decks } from './decks.ts';
import type { LoadError, ManifestLoader } from './manifestLoader.ts';
import type { Network } from './segmentLoader.ts';
import type { StoredTracks } from './stored.ts';
import type { LoadedTrack, TrackRun } from './trackRun.ts';

export interface TracksHost {
  readonly network: Network;
  readonly manifests: ManifestLoader;
  readonly core: Promise<DecisionCore>;
  /** Null where nothing is kept on this device. */
  readonly stored: StoredTracks | null;
  readonly link: CoreLink;
  readonly decks: Decks;
  isTypeSupported(mimeType: string): boolean;
  /** How long one track fades into the other. */
  fade(from: TrackRun, to: LoadedTrack): Seconds;
  /** What the queue holds after the present track. */
  following(): QueueTrack | null;
  shown(): EngineState;
  /** A track asked for is there; the core has to hear whether sound is wanted. */
  entered(): void;
  /** The sound went on from one track into the next. */
  joined(): void;
  changed(): void;
  measured(rate: Kbps): void;
  /** The server's rules, as it said them last. */
  bounded(bounds: Bounds): void;
  failed(error: LoadError): void;
}
