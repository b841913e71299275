import { useQuickSync } from '@quicksync/react';
import { useMutation } from '@tanstack/react-query';

import { words } from '../../../strings/words.ts';
import { Choice } from '../../../ui/Choice.tsx';
import { Failure } from '../../../ui/Notice.tsx';
import { Section } from '../Section.tsx';

type Side = keyof typeof words.network.sides;

/** The documented `prefer_quality`, as the two things it chooses between. */
export function Leaning() {
  const { preferences, updatePreferences } = useQuickSync();
  const lean = useMutation({
    mutationFn: (side: Side) => updatePreferences({ prefer_quality: side === 'quality' }),
  });
  if (!preferences) return null;
  const side: Side = preferences.prefer_quality ? 'quality' : 'stability';
  return (
    <Section title={words.network.leaning} about={words.network.leaningAbout}>
      <Choice
        label={words.network.leaning}
        value={side}
        options={words.network.sides}
        onChange={(next) => lean.mutate(next)}
      />
      <p className="max-w-prose text-sm text-soft">{words.network.sideAbout[side]}</p>
      {lean.isError && <Failure error={lean.error} />}
    </Section>
  );
}
