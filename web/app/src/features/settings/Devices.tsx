import { useQuery } from '@tanstack/react-query';

import { devicesQuery, meQuery } from '../../api/queries.ts';
import type { Device } from '../../api/wire.ts';
import { en } from '../../strings/en.ts';
import { ago } from '../../strings/time.ts';
import { Rows } from './Rows.tsx';
import { Section } from './Section.tsx';

export function Devices() {
  const here = useQuery(meQuery).data?.device_id;
  const about = (device: Device) => {
    if (device.id === here) return en.settings.thisDevice;
    const seen = ago(device.last_seen);
    return device.network_kind === 'unknown'
      ? en.settings.lastSeen(seen)
      : `${en.settings.lastSeen(seen)}, ${device.network_kind}`;
  };
  return (
    <Section title={en.settings.tabs.devices} about={en.settings.devicesIntro}>
      <Rows<Device>
        query={devicesQuery}
        path="/api/audio/quick-sync/devices/"
        about={about}
        deed={en.settings.forget}
        deedOf={en.settings.forgetOf}
        empty={en.settings.noDevices}
      />
    </Section>
  );
}
