import { en } from '../../strings/en.ts';
import { Choice } from '../../ui/Choice.tsx';
import { setTheme, useTheme } from '../../ui/theme.ts';
import { Section } from './Section.tsx';

export function Appearance() {
  const theme = useTheme();
  return (
    <Section title={en.settings.theme}>
      <Choice
        label={en.settings.theme}
        value={theme}
        options={en.settings.themes}
        onChange={setTheme}
      />
    </Section>
  );
}
