import { language, LANGUAGES, setLanguage } from '../../strings/language.ts';
import { words } from '../../strings/words.ts';
import { Choice } from '../../ui/Choice.tsx';
import { setTheme, useTheme } from '../../ui/theme.ts';
import { Section } from './Section.tsx';

export function Appearance() {
  const theme = useTheme();
  return (
    <>
      <Section title={words.settings.theme}>
        <Choice
          label={words.settings.theme}
          value={theme}
          options={words.settings.themes}
          onChange={setTheme}
        />
      </Section>
      <Section title={words.settings.language}>
        <Choice
          label={words.settings.language}
          value={language}
          options={LANGUAGES}
          onChange={setLanguage}
        />
      </Section>
    </>
  );
}
