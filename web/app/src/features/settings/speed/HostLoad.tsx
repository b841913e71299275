// How busy the server is, as it is now, and which of it lowers quality.

import { useQuery } from '@tanstack/react-query';

import { statusQuery } from '../../../api/queries.ts';
import type { StatusAnswer } from '../../../api/wire.ts';
import { RowsSkeleton } from '../../../library/Skeletons.tsx';
import { size } from '../../../strings/size.ts';
import { words } from '../../../strings/words.ts';
import { Meter } from '../../../ui/Meter.tsx';
import { Failure } from '../../../ui/Notice.tsx';
import { Tone, type ToneName } from '../../../ui/Tone.tsx';
import { Section } from '../Section.tsx';

type System = StatusAnswer['status']['system'];

const TONES: Readonly<Record<string, ToneName>> = {
  low_load: 'good',
  moderate_load: 'fair',
  high_load: 'poor',
};
/** From where each is high, percent: as documented, pressure as in measurement-trust.md. */
const HIGH = { cpu: 80, memory: 85, cpu_pressure: 75, memory_pressure: 10 } as const;
type Load = keyof typeof HIGH;

export function HostLoad() {
  const status = useQuery(statusQuery);
  const { system, quality } = status.data?.status ?? {};
  const adapts = status.data?.device.preferences.adapt_to_system ?? true;
  return (
    <Section title={words.speed.load} about={words.speed.loadAbout}>
      {status.isPending && <RowsSkeleton rows={3} />}
      {status.isError && <Failure error={status.error} retry={() => void status.refetch()} />}
      {system && <Loads system={system} lowers={adapts && (quality?.auto_selected ?? true)} />}
    </Section>
  );
}

interface LoadsProps {
  readonly system: System;
  /** Whether a busy host bears on this listener at all. */
  readonly lowers: boolean;
}

function Loads({ system, lowers }: LoadsProps) {
  const percents: readonly (readonly [Load, number | null | undefined])[] = [
    ['cpu', system.cpu_percent],
    ['memory', system.memory_percent],
    ['cpu_pressure', system.cpu_pressure_percent],
    ['memory_pressure', system.memory_pressure_percent],
  ];
  const cause = system.load_cause;
  return (
    <div className="grid gap-4">
      <Tone tone={TONES[system.status] ?? 'fair'}>
        {words.speed.loadStatus(system.status, cause ?? null, lowers)}
      </Tone>
      {percents.map(([load, percent]) =>
        percent === null || percent === undefined ? null : (
          <Meter
            key={load}
            label={words.speed.loads[load]}
            text={words.speed.percentOf(percent, HIGH[load])}
            value={percent}
            max={100}
            mark={HIGH[load]}
            tone={percent > HIGH[load] ? 'poor' : cause === load ? 'fair' : 'good'}
          />
        ),
      )}
      <p className="numbers text-sm text-soft">
        {words.speed.rest(
          system.encode_waiting,
          size(system.memory_available_mb * 2 ** 20),
          system.disk_percent,
        )}
        {system.background_cpu_percent >= 1 &&
          ` ${words.speed.background(system.background_cpu_percent)}`}
      </p>
    </div>
  );
}
