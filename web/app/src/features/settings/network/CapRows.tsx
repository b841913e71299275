// The highest quality by kind of network: of a listener, or of one device of theirs.

import { QUALITIES, type Quality } from '@quicksync/player';

import type { Caps } from '../../../api/wire.ts';
import { words } from '../../../strings/words.ts';
import { Select } from '../../../ui/Select.tsx';

const PLACES = ['wifi', 'cellular', 'ethernet', 'unknown', 'metered'] as const;
export type Place = (typeof PLACES)[number];

const NONE = 'none';

interface CapRowsProps {
  readonly caps: Caps;
  /** What holds where a cap is not set, by place; of a listener nothing does. */
  readonly below?: Caps;
  readonly disabled?: boolean;
  readonly onChange: (change: Partial<Record<Place, Quality | null>>) => void;
}

const nameOf = (quality: string | null | undefined): string =>
  quality ? words.quality.names[quality as Quality] : words.network.noCap;

export function CapRows({ caps, below, disabled = false, onChange }: CapRowsProps) {
  return (
    <div className="border-t border-line">
      {PLACES.map((place) => {
        const none = below ? words.devices.asForAll(nameOf(below[place])) : words.network.noCap;
        const isOwn = below && caps[place];
        return (
          <Select
            key={place}
            label={words.network.places[place]}
            hint={
              isOwn
                ? words.devices.overrides(nameOf(below[place]))
                : words.network.placeHints[place]
            }
            value={caps[place] ?? NONE}
            disabled={disabled}
            options={[
              [NONE, none],
              ...QUALITIES.map(
                (quality) => [quality, words.network.upTo(nameOf(quality))] as const,
              ),
            ]}
            onChange={(chosen) =>
              onChange({ [place]: chosen === NONE ? null : (chosen as Quality) })
            }
          />
        );
      })}
    </div>
  );
}
