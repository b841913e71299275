import { useId } from 'react';

import type { QuickSyncMode } from '../types.ts';
import { MODES } from './words.ts';

interface Props {
  readonly mode: QuickSyncMode;
  readonly onChange: (mode: QuickSyncMode) => void;
}

/** Auto, or one quality to hold. */
export function ModeSelector({ mode, onChange }: Props) {
  const name = useId();
  return (
    <fieldset className="qss-section">
      <legend className="qss-heading">Quality mode</legend>
      <div className="qss-modes">
        {MODES.map((one) => (
          <label key={one.mode} className="qss-option">
            <input
              type="radio"
              name={name}
              value={one.mode}
              checked={one.mode === mode}
              aria-label={one.name}
              aria-describedby={`${name}-${one.mode}`}
              onChange={() => onChange(one.mode)}
            />
            <span>
              <span className="qss-name">{one.name}</span>
              <span className="qss-detail" id={`${name}-${one.mode}`}>
                {one.detail}
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
