// Whether one track fades into the next, and for how long. Tracks of one album in their order never
// do, unless the listener says so: they were made to be joined.

import type { Crossfade } from '../preferences.ts';
import type { QueueTrack } from '../state.ts';
import { seconds, type Seconds } from '../units.ts';

/** Longer ones are no join any more. */
export const LONGEST_CROSSFADE_S = 12;
/** Of a track at each of its ends at most, so that most of it is heard alone. */
const SHARE = 0.25;

export const usable = ({ seconds: asked, albums }: Crossfade): Crossfade => ({
  seconds: Math.min(Math.max(0, asked || 0), LONGEST_CROSSFADE_S),
  albums,
});

/** Zero: joined to the sample. */
export function fadeBetween(
  crossfade: Crossfade,
  from: { readonly track: QueueTrack; readonly duration: Seconds },
  to: { readonly track: QueueTrack; readonly duration: Seconds },
): Seconds {
  if (!crossfade.albums && isAlbumJoin(from.track, to.track)) return seconds(0);
  const most = SHARE * Math.min(from.duration, to.duration);
  return seconds(Math.min(crossfade.seconds, most));
}

function isAlbumJoin(from: QueueTrack, to: QueueTrack): boolean {
  const album = from.albumId ?? from.album;
  if (!album || album !== (to.albumId ?? to.album)) return false;
  if (from.number === undefined || to.number === undefined) return true;
  // A disc begins with one.
  return to.number === from.number + 1 || to.number === 1;
}
