// Sound for whoever is logged in: one player, and the documented Quick Sync context around it.

import { useEffect, useState, type ReactNode } from 'react';

import { createAppPlayer } from '../playback/createAppPlayer.ts';
import { PlayerProvider } from '../playback/PlayerContext.tsx';

export function Playback({ children }: { children: ReactNode }) {
  const [player] = useState(createAppPlayer);
  useEffect(() => () => player.pause(), [player]);
  return <PlayerProvider player={player}>{children}</PlayerProvider>;
}
