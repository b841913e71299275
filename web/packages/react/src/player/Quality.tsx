import type { Mode, PlayerState } from '@quicksync/player';
import { useId } from 'react';

import { useQuickSync } from '../context/QuickSyncContext.tsx';
import { usePlayer, usePlayerWords } from './playerContext.ts';
import { usePlayerState } from './usePlayerState.ts';

const MODES: readonly Mode[] = ['auto', 'ultra', 'high', 'medium', 'low'];
const playing = (state: PlayerState) => state.playing;
const mode = (state: PlayerState) => state.mode;
const decision = (state: PlayerState) => state.decision;
const error = (state: PlayerState) => state.error;

/** What is heard and why, and the choice of it. */
export function Quality() {
  const player = usePlayer();
  const words = usePlayerWords();
  const id = useId();
  const { preferences, updatePreferences } = useQuickSync();
  const heard = usePlayerState(player, playing);
  const chosen = usePlayerState(player, mode);
  const last = usePlayerState(player, decision);
  const wrong = usePlayerState(player, error);
  const choose = (next: Mode) => {
    player?.setMode(next);
    // A refusal is shown by the context, which takes the change back.
    if (preferences) updatePreferences({ mode: next }).catch(() => undefined);
  };
  return (
    <div className="qsp-quality">
      {heard && (
        <span className="qsp-badge" data-quality={heard.quality}>
          {words.qualities[heard.quality]} · {words.kbps(heard.bitrateKbps)} ·{' '}
          {chosen === 'auto' ? words.chosenForYou : words.chosenByYou}
        </span>
      )}
      <label className="qsp-mode" htmlFor={id}>
        {words.mode}
      </label>
      <select
        id={id}
        className="qsp-select"
        value={chosen}
        onChange={(event) => choose(event.currentTarget.value as Mode)}
      >
        {MODES.map((one) => (
          <option key={one} value={one}>
            {words.modes[one]}
          </option>
        ))}
      </select>
      {wrong ? (
        <p className="qsp-alert" role="alert">
          {wrong.message}
        </p>
      ) : (
        last && <p className="qsp-reason">{words.reason(last.reason)}.</p>
      )}
    </div>
  );
}
