// The quality of files to keep and of copies for listening offline: two rules, each with its own.

import { QUALITIES, type Quality } from '@quicksync/player';

import { words } from '../../../strings/words.ts';
import { Select } from '../../../ui/Select.tsx';

const RULES = ['download_quality', 'offline_quality'] as const;
type Rule = (typeof RULES)[number];
export type Kept = { readonly [Key in Rule]?: string | null };

interface KeepRowsProps {
  readonly own: Kept;
  /** The listener's rules, where these are a device's. */
  readonly below?: Kept;
  readonly onChange: (change: Partial<Record<Rule, Quality | null>>) => void;
}

const NONE = 'none';
const nameOf = (rule: Rule, quality: string | null | undefined): string =>
  quality ? words.quality.names[quality as Quality] : words.downloads.unruled[rule];

export function KeepRows({ own, below, onChange }: KeepRowsProps) {
  return (
    <div className="border-t border-line">
      {RULES.map((rule) => {
        const none = below
          ? words.devices.asForAll(nameOf(rule, below[rule]))
          : words.downloads.unruled[rule];
        return (
          <Select
            key={rule}
            label={words.downloads.rules[rule]}
            hint={
              below && own[rule]
                ? words.devices.overrides(nameOf(rule, below[rule]))
                : words.downloads.hints[rule]
            }
            value={own[rule] ?? NONE}
            options={[
              [NONE, none],
              ...QUALITIES.map((quality) => [quality, words.quality.names[quality]] as const),
            ]}
            onChange={(chosen) =>
              onChange({ [rule]: chosen === NONE ? null : (chosen as Quality) })
            }
          />
        );
      })}
    </div>
  );
}
