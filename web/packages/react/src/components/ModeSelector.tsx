import { useId } from 'react';

import type { QuickSyncMode } from '../types.ts';
import { useWords } from './words/words.ts';

const MODES: readonly QuickSyncMode[] = ['auto', 'ultra', 'high', 'medium', 'low'];

interface Props {
  readonly mode: QuickSyncMode;
  readonly onChange: (mode: QuickSyncMode) => void;
}

/** Auto, or one quality to hold. */
export function ModeSelector({ mode, onChange }: Props) {
  const name = useId();
  const words = useWords();
  return (
    <fieldset className="qss-section">
      <legend className="qss-heading">{words.mode}</legend>
      <div className="qss-modes">
        {MODES.map((one) => (
          <label key={one} className="qss-option">
            <input
              type="radio"
              name={name}
              value={one}
              checked={one === mode}
              aria-label={words.modes[one].name}
              aria-describedby={`${name}-${one}`}
              onChange={() => onChange(one)}
            />
            <span>
              <span className="qss-name">{words.modes[one].name}</span>
              <span className="qss-detail" id={`${name}-${one}`}>
                {words.modes[one].detail}
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
