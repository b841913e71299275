// Which words the components below speak.

import { createContext, useContext } from 'react';

import { de } from './de.ts';
import { en } from './en.ts';
import type { PanelWords } from './types.ts';

export const PANEL_WORDS = { en, de } as const satisfies Record<string, PanelWords>;

/** The languages that the components speak. */
export type PanelLanguage = keyof typeof PANEL_WORDS;

export const WordsContext = createContext<PanelWords>(en);

export const useWords = (): PanelWords => useContext(WordsContext);
