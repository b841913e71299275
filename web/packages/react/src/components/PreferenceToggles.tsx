import { useId } from 'react';

import type { QuickSyncPreferences } from '../types.ts';
import type { Toggle } from './words/types.ts';
import { useWords } from './words/words.ts';

const TOGGLES: readonly Toggle[] = ['prefer_quality', 'adapt_to_system', 'auto_download_quality'];

interface Props {
  readonly preferences: QuickSyncPreferences;
  readonly onChange: (field: Toggle, on: boolean) => void;
}

export function PreferenceToggles({ preferences, onChange }: Props) {
  const id = useId();
  const words = useWords();
  return (
    <fieldset className="qss-section">
      <legend className="qss-heading">{words.preferences}</legend>
      {TOGGLES.map((field) => (
        <label key={field} className="qss-option">
          <input
            type="checkbox"
            role="switch"
            checked={preferences[field]}
            aria-checked={preferences[field]}
            aria-label={words.toggles[field].name}
            aria-describedby={`${id}-${field}`}
            onChange={(event) => onChange(field, event.currentTarget.checked)}
          />
          <span>
            <span className="qss-name">{words.toggles[field].name}</span>
            <span className="qss-detail" id={`${id}-${field}`}>
              {words.toggles[field].detail}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
