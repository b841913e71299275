// The player that the parts of a `QuickSyncPlayer` belong to, and what they speak.

import type { Player } from '@quicksync/player';
import { createContext, useContext } from 'react';

import { PLAYER_WORDS, type PlayerLanguage, type PlayerWords } from './words.ts';

export const PlayerContext = createContext<Player | null>(null);
export const LanguageContext = createContext<PlayerLanguage>('en');

export const usePlayer = (): Player | null => useContext(PlayerContext);
export const usePlayerWords = (): PlayerWords => PLAYER_WORDS[useContext(LanguageContext)];
