import type { Track } from '../../api/wire.ts';
import { TrackRow } from '../../library/TrackRow.tsx';
import { useQueue } from '../../playback/queue.ts';
import { words } from '../../strings/words.ts';

interface AlbumTracksProps {
  readonly tracks: readonly Track[];
  readonly albumArtist: string | undefined;
}

/** An album's tracks in order, a heading before each disc if there are several. */
export function AlbumTracks({ tracks, albumArtist }: AlbumTracksProps) {
  const queue = useQueue();
  const discs = new Set(tracks.map((track) => track.disc_number ?? 1));
  return (
    <ol>
      {tracks.map((track, index) => {
        const disc = track.disc_number ?? 1;
        const opens = discs.size > 1 && disc !== (tracks[index - 1]?.disc_number ?? 0);
        return (
          <li key={track.id}>
            {opens && <h2 className="label pt-6 pb-2 text-soft">{words.library.disc(disc)}</h2>}
            <TrackRow
              track={track}
              lead="number"
              knownArtist={albumArtist}
              onPlay={() => queue.play(tracks, index)}
            />
          </li>
        );
      })}
    </ol>
  );
}
