// What the app says, in the language of this page.

import { de } from './de.ts';
import { en, type Words } from './en.ts';
import { language, type Language } from './language.ts';

export const ALL_WORDS: Readonly<Record<Language, Words>> = { en, de };

export const words: Words = ALL_WORDS[language];
