import type { PlayerState } from '@quicksync/player';

import { usePlayer, usePlayerWords } from './playerContext.ts';
import { usePlayerState } from './usePlayerState.ts';

const wantsToPlay = (state: PlayerState) => state.wantsToPlay;
const hasTrack = (state: PlayerState) => state.track !== null;
const hasNext = (state: PlayerState) => state.index + 1 < state.queue.length;

/** Previous, play or pause, next. */
export function Transport() {
  const player = usePlayer();
  const words = usePlayerWords();
  const plays = usePlayerState(player, wantsToPlay);
  const ready = usePlayerState(player, hasTrack);
  const more = usePlayerState(player, hasNext);
  return (
    <div className="qsp-transport">
      <Button
        label={words.previous}
        path="M7 5h2v14H7zM19 5v14L10 12z"
        off={!ready}
        press={() => player?.previous()}
      />
      <Button
        label={plays ? words.pause : words.play}
        path={plays ? 'M7 5h4v14H7zM13 5h4v14h-4z' : 'M8 5v14l11-7z'}
        off={!ready}
        press={() => (plays ? player?.pause() : player?.play())}
      />
      <Button
        label={words.next}
        path="M15 5h2v14h-2zM5 5v14l9-7z"
        off={!more}
        press={() => player?.next()}
      />
    </div>
  );
}

interface ButtonProps {
  readonly label: string;
  readonly path: string;
  readonly off: boolean;
  readonly press: () => void;
}

function Button({ label, path, off, press }: ButtonProps) {
  return (
    <button type="button" className="qsp-button" aria-label={label} disabled={off} onClick={press}>
      <Icon path={path} />
    </button>
  );
}

export function Icon({ path }: { path: string }) {
  return (
    <svg className="qsp-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={path} fill="currentColor" />
    </svg>
  );
}
