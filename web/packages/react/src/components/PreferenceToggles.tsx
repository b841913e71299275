import { useId } from 'react';

import type { QuickSyncPreferences } from '../types.ts';
import { TOGGLES, type Toggle } from './words.ts';

interface Props {
  readonly preferences: QuickSyncPreferences;
  readonly onChange: (field: Toggle, on: boolean) => void;
}

export function PreferenceToggles({ preferences, onChange }: Props) {
  const id = useId();
  return (
    <fieldset className="qss-section">
      <legend className="qss-heading">Preferences</legend>
      {TOGGLES.map(({ field, name, detail }) => (
        <label key={field} className="qss-option">
          <input
            type="checkbox"
            role="switch"
            checked={preferences[field]}
            aria-checked={preferences[field]}
            aria-label={name}
            aria-describedby={`${id}-${field}`}
            onChange={(event) => onChange(field, event.currentTarget.checked)}
          />
          <span>
            <span className="qss-name">{name}</span>
            <span className="qss-detail" id={`${id}-${field}`}>
              {detail}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
