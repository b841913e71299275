// Style sheets of components: adopted by the document while one of them is shown, which any content
// security policy allows, and gone with the last.

import { useInsertionEffect } from 'react';

interface Sheet {
  readonly sheet: CSSStyleSheet;
  users: number;
}

const sheets = new Map<string, Sheet>();

/** `css`: always the same string for the same component. */
export function useStyles(css: string): void {
  useInsertionEffect(() => {
    if (typeof CSSStyleSheet === 'undefined' || !('adoptedStyleSheets' in document)) return;
    const kept = sheets.get(css) ?? { sheet: new CSSStyleSheet(), users: 0 };
    if (!sheets.has(css)) {
      kept.sheet.replaceSync(css);
      sheets.set(css, kept);
    }
    if (kept.users === 0)
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, kept.sheet];
    kept.users += 1;
    return () => {
      kept.users -= 1;
      if (kept.users > 0) return;
      const others = document.adoptedStyleSheets.filter((one) => one !== kept.sheet);
      document.adoptedStyleSheets = others;
    };
  }, [css]);
}
