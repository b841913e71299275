// A whole small player: what plays, where, how loud, how well and why.

import type { Player, PlayerState, QueueTrack } from '@quicksync/player';
import { useEffect, type ReactNode } from 'react';

import { useStyles } from '../styles/useStyles.ts';
import { handleKey } from './keys.ts';
import { LanguageContext, PlayerContext, usePlayerWords } from './playerContext.ts';
import { Quality } from './Quality.tsx';
import { SeekBar } from './SeekBar.tsx';
import { PLAYER_CSS } from './styles.ts';
import { Transport } from './Transport.tsx';
import { usePlayerState } from './usePlayerState.ts';
import { useQuickSyncPlayer, type QuickSyncPlayerOptions } from './useQuickSyncPlayer.ts';
import { VolumeControl } from './VolumeControl.tsx';
import type { PlayerLanguage } from './words.ts';

export interface QuickSyncPlayerProps {
  /** What to play; the tracks of the server's `/api/tracks/` are such. */
  readonly tracks?: readonly QueueTrack[];
  /** A player of your own; else one is made for the provider's server. */
  readonly player?: Player;
  /** For the player that is made. */
  readonly options?: QuickSyncPlayerOptions;
  /** What it speaks; English unless told. The core's own sentences stay English. */
  readonly language?: PlayerLanguage;
  /** Below it; a `QuickSyncStats` finds the player by itself. */
  readonly children?: ReactNode;
}

const track = (state: PlayerState) => state.track;
const status = (state: PlayerState) => state.status;

export function QuickSyncPlayer(props: QuickSyncPlayerProps) {
  useStyles(PLAYER_CSS);
  const player = useQuickSyncPlayer(props.options, props.player ?? null);
  useQueue(player, props.tracks);
  return (
    <PlayerContext.Provider value={player}>
      <LanguageContext.Provider value={props.language ?? 'en'}>
        <Frame player={player}>{props.children}</Frame>
      </LanguageContext.Provider>
    </PlayerContext.Provider>
  );
}

function Frame({ player, children }: { player: Player | null; children: ReactNode }) {
  const words = usePlayerWords();
  const present = usePlayerState(player, track);
  const now = usePlayerState(player, status);
  const title = present?.title ?? words.nothing;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys of what is inside
    <section
      className="qsp-player"
      aria-label={words.player}
      onKeyDown={(event) => handleKey(player, event)}
    >
      <p className="qsp-title">
        {title}
        {present?.artist && <span className="qsp-artist"> {present.artist}</span>}
      </p>
      <SeekBar />
      <div className="qsp-row">
        <Transport />
        <VolumeControl />
      </div>
      <Quality />
      <output className="qsp-spoken">
        {words.statuses[now]}: {title}
      </output>
      {children}
    </section>
  );
}

/** Goes on with the present track if the new queue has it. */
function useQueue(player: Player | null, tracks: readonly QueueTrack[] | undefined): void {
  const ids = tracks?.map(({ id }) => id).join('\n');
  useEffect(() => {
    if (!player || !tracks) return;
    const { track: present, queue } = player.state;
    const index = tracks.findIndex(({ id }) => id === present?.id);
    if (queue.length > 0 && index >= 0) player.updateQueue(tracks, index);
    else player.load(tracks);
    // The same tracks in another array are the same queue.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [player, ids]);
}
