import { useQuery } from '@tanstack/react-query';

import { devicesQuery, meQuery } from '../../api/queries.ts';
import type { Device } from '../../api/wire.ts';
import { words } from '../../strings/words.ts';
import { ago } from '../../strings/time.ts';
import { Rows } from './Rows.tsx';
import { Section } from './Section.tsx';

export function Devices() {
  const here = useQuery(meQuery).data?.device_id;
  const about = (device: Device) => {
    if (device.id === here) return words.settings.thisDevice;
    const seen = ago(device.last_seen);
    return device.network_kind === 'unknown'
      ? words.settings.lastSeen(seen)
      : `${words.settings.lastSeen(seen)}, ${device.network_kind}`;
  };
  return (
    <Section title={words.settings.tabs.devices} about={words.settings.devicesIntro}>
      <Rows<Device>
        query={devicesQuery}
        path="/api/audio/quick-sync/devices/"
        about={about}
        deed={words.settings.forget}
        deedOf={words.settings.forgetOf}
        empty={words.settings.noDevices}
      />
    </Section>
  );
}
