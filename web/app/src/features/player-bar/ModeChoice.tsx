import type { Mode } from '@quicksync/player';
import * as RadioGroup from '@radix-ui/react-radio-group';

import { STEP } from '../../playback/quality.ts';
import { useMode } from '../../playback/useMode.ts';
import { words } from '../../strings/words.ts';
import { Ladder } from '../../ui/Ladder.tsx';

const MODES: readonly Mode[] = ['auto', 'ultra', 'high', 'medium', 'low'];

export function ModeChoice() {
  const { mode, choose, problem } = useMode();
  return (
    <div>
      <RadioGroup.Root
        aria-label={words.quality.mode}
        value={mode}
        onValueChange={(next) => choose(next as Mode)}
        className="grid"
      >
        {MODES.map((option) => (
          <RadioGroup.Item
            key={option}
            value={option}
            className="-mx-2 flex min-h-11 items-center gap-3 rounded-md px-2 text-left text-sm hover:bg-sunk data-[state=checked]:bg-sunk data-[state=checked]:font-semibold"
          >
            <Ladder step={option === 'auto' ? 0 : STEP[option]} className="h-3.5 w-5" />
            <span className="w-20">
              {option === 'auto' ? words.quality.auto : words.quality.names[option]}
            </span>
            <span className="font-normal text-soft">{words.quality.modes[option]}</span>
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
      {problem && (
        <p role="alert" className="mt-2 text-sm text-danger">
          {problem}
        </p>
      )}
    </div>
  );
}
