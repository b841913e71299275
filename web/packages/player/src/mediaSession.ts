// Shows the track on lock screens and media keys, and brings their requests back.

import type { Player } from './player.ts';
import type { QueueTrack } from './state.ts';

type MediaSessionPort = Pick<
  MediaSession,
  'metadata' | 'playbackState' | 'setActionHandler' | 'setPositionState'
>;

/** Lasts until the answer is called. */
export function connectMediaSession(
  player: Player,
  session: MediaSessionPort | undefined = globalThis.navigator?.mediaSession,
): () => void {
  if (!session) return () => undefined;
  const handlers: Partial<Record<MediaSessionAction, MediaSessionActionHandler>> = {
    play: () => player.play(),
    pause: () => player.pause(),
    stop: () => player.pause(),
    nexttrack: () => player.next(),
    previoustrack: () => player.previous(),
    seekto: ({ seekTime }) => seekTime !== undefined && player.seek(seekTime),
    seekforward: ({ seekOffset }) => player.seek(player.state.position + (seekOffset ?? 10)),
    seekbackward: ({ seekOffset }) => player.seek(player.state.position - (seekOffset ?? 10)),
  };
  for (const [action, handler] of Object.entries(handlers)) {
    setHandler(session, action as MediaSessionAction, handler);
  }
  const showPosition = () => {
    const { position, duration } = player.state;
    if (duration > 0)
      session.setPositionState({ duration, position: Math.min(position, duration) });
  };
  const stops = [
    player.subscribe(
      (state) => state.track,
      (track) => (session.metadata = metadata(track)),
    ),
    player.subscribe(
      (state) => state.wantsToPlay,
      (wants) => (session.playbackState = wants ? 'playing' : 'paused'),
    ),
    player.subscribe((state) => state.status, showPosition),
    player.subscribe((state) => state.duration, showPosition),
  ];
  return () => {
    for (const stop of stops) stop();
    for (const action of Object.keys(handlers)) {
      setHandler(session, action as MediaSessionAction, null);
    }
    session.metadata = null;
  };
}

/** Browsers throw at actions that they do not know. */
function setHandler(
  session: MediaSessionPort,
  action: MediaSessionAction,
  handler: MediaSessionActionHandler | null,
): void {
  try {
    session.setActionHandler(action, handler);
  } catch {
    // Then there is no such key either.
  }
}

function metadata(track: QueueTrack | null): MediaMetadata | null {
  if (!track || typeof MediaMetadata === 'undefined') return null;
  const { title, artist = '', album = '', coverUrl } = track;
  const artwork = coverUrl ? [{ src: coverUrl }] : [];
  return new MediaMetadata({ title, artist, album, artwork });
}
