// Which language this page speaks: the one kept on this device, or else the first of the browser's
// that there is. It is settled when the page loads; another one loads the page anew.

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

const KEY = 'quicksync.language';

const isLanguage = (text: string): text is Language => Object.hasOwn(LANGUAGES, text);

/** The first wish that can be met: 'de-AT' is met by 'de'. */
export function pickLanguage(wishes: readonly (string | null)[]): Language {
  for (const wish of wishes) {
    const primary = wish?.toLowerCase().split('-')[0] ?? '';
    if (isLanguage(primary)) return primary;
  }
  return 'en';
}

function kept(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage may be forbidden
  }
}

export const language: Language = pickLanguage([kept(), ...(navigator.languages ?? [])]);

/** Keeps the choice and loads the page in it. */
export function setLanguage(next: Language): void {
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Then the browser's language stays.
  }
  location.reload();
}
