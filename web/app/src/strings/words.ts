// What the app says, in the language of this page. English is always at hand; other languages are
// fetched by those who speak them.

import { en, type Words } from './en.ts';
import { language, type Language } from './language.ts';

const OTHERS: Readonly<Record<Exclude<Language, 'en'>, () => Promise<Words>>> = {
  de: () => import('./de.ts').then(({ de }) => de),
};

export const words: Words = language === 'en' ? en : await OTHERS[language]();
