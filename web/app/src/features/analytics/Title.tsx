import { useQuery } from '@tanstack/react-query';

import { trackQuery } from '../../api/queries.ts';
import { words } from '../../strings/words.ts';

/** What was played, where the library still has it. */
export function Title({ trackId }: { trackId: string | null }) {
  const track = useQuery({ ...trackQuery(trackId ?? ''), enabled: trackId !== null }).data;
  if (!track) return words.analytics.unknownTrack;
  return track.artist ? `${track.title} – ${track.artist}` : track.title;
}
