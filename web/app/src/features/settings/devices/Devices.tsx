// The listener's devices: when each was here, and the rules of its own that stand over theirs.

import { useQuery } from '@tanstack/react-query';

import { devicesQuery, meQuery } from '../../../api/queries.ts';
import { RowsSkeleton } from '../../../library/Skeletons.tsx';
import { words } from '../../../strings/words.ts';
import { Failure } from '../../../ui/Notice.tsx';
import { Section } from '../Section.tsx';
import { DeviceRow } from './DeviceRow.tsx';

export function Devices() {
  const here = useQuery(meQuery).data?.device_id;
  const list = useQuery(devicesQuery);
  return (
    <Section title={words.settings.tabs.devices} about={words.devices.intro}>
      {list.isPending && <RowsSkeleton rows={2} />}
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.data?.results.length === 0 && <p className="text-soft">{words.settings.noDevices}</p>}
      <ul className="border-t border-line">
        {list.data?.results.map((device) => (
          <DeviceRow key={device.id} device={device} isHere={device.id === here} />
        ))}
      </ul>
    </Section>
  );
}
