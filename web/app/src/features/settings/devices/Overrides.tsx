// Preferences of one device that stand over the listener's.

import { QUALITIES, type Mode } from '@quicksync/player';
import { useQuickSync } from '@quicksync/react';

import type { Device, DeviceChange } from '../../../api/wire.ts';
import { words } from '../../../strings/words.ts';
import { Select } from '../../../ui/Select.tsx';

interface OverridesProps {
  readonly overrides: Device['overrides'];
  readonly onChange: (change: NonNullable<DeviceChange['overrides']>) => void;
}

const NONE = 'none';
const FLAGS = ['prefer_quality', 'adapt_to_system', 'auto_download_quality'] as const;
type Flag = (typeof FLAGS)[number];

const { on, off } = words.devices;
const LABELS: Readonly<Record<Flag, string>> = {
  prefer_quality: words.devices.prefer,
  adapt_to_system: words.devices.adapt,
  auto_download_quality: words.devices.downloads,
};
/** The words for true and false. */
const SIDES: Readonly<Record<Flag, readonly [string, string]>> = {
  prefer_quality: [words.network.sides.quality, words.network.sides.stability],
  adapt_to_system: [on, off],
  auto_download_quality: [on, off],
};
const MODES: readonly Mode[] = ['auto', ...QUALITIES];
const nameOf = (mode: Mode) => (mode === 'auto' ? words.quality.auto : words.quality.names[mode]);

export function Overrides({ overrides, onChange }: OverridesProps) {
  const { preferences } = useQuickSync();
  if (!preferences) return null;
  const mode = overrides.mode ?? null;
  const below = nameOf(preferences.mode);
  return (
    <div className="border-t border-line">
      <Select
        label={words.devices.mode}
        hint={mode ? words.devices.overrides(below) : undefined}
        value={mode ?? NONE}
        options={[
          [NONE, words.devices.asForAll(below)],
          ...MODES.map((one) => [one, nameOf(one)] as const),
        ]}
        onChange={(next) => onChange({ mode: next === NONE ? null : next })}
      />
      {FLAGS.map((flag) => {
        const [yes, no] = SIDES[flag];
        const yours = preferences[flag] ? yes : no;
        const value = overrides[flag] ?? null;
        return (
          <Select
            key={flag}
            label={LABELS[flag]}
            hint={value === null ? undefined : words.devices.overrides(yours)}
            value={value === null ? NONE : String(value)}
            options={[
              [NONE, words.devices.asForAll(yours)],
              ['true', yes],
              ['false', no],
            ]}
            onChange={(next) => onChange({ [flag]: next === NONE ? null : next === 'true' })}
          />
        );
      })}
    </div>
  );
}
