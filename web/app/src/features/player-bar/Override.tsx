// A quality for the present track alone, over whatever is chosen for all.

import type { PlayerState, Quality } from '@quicksync/player';

import { usePlayer, usePlayerState } from '../../playback/PlayerContext.tsx';
import { words } from '../../strings/words.ts';
import { Choice } from '../../ui/Choice.tsx';

const overrideOf = (state: PlayerState) => state.override;
const hasTrack = (state: PlayerState) => state.track !== null;
const { names, asChosen, onlyThis } = words.quality;
const OPTIONS = {
  none: asChosen,
  ultra: names.ultra,
  high: names.high,
  medium: names.medium,
  low: names.low,
};

export function Override() {
  const player = usePlayer();
  const override = usePlayerState(overrideOf);
  const enabled = usePlayerState(hasTrack);
  if (!enabled) return null;
  const choose = (next: 'none' | Quality) => player.overrideQuality(next === 'none' ? null : next);
  return (
    <section>
      <h2 className="label mb-1 text-faint">{onlyThis}</h2>
      <Choice label={onlyThis} value={override ?? 'none'} options={OPTIONS} onChange={choose} />
    </section>
  );
}
