import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import { ask } from '../../../api/client.ts';
import { QUICK_SYNC } from '../../../api/queries.ts';
import type { Device } from '../../../api/wire.ts';
import { ago } from '../../../strings/time.ts';
import { words } from '../../../strings/words.ts';
import { Button } from '../../../ui/Button.tsx';
import { Failure } from '../../../ui/Notice.tsx';
import { useRefresh } from '../useChange.ts';
import { ownRules } from './profile.ts';
import { Profile } from './Profile.tsx';

export function DeviceRow({ device, isHere }: { device: Device; isHere: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const refresh = useRefresh();
  const forget = useMutation({
    mutationFn: () => ask(`${QUICK_SYNC}devices/${device.id}/`, { method: 'DELETE' }),
    onSettled: refresh,
  });
  const kind = words.network.kinds[device.network_kind as keyof typeof words.network.kinds];
  const about = [
    isHere ? words.settings.thisDevice : words.settings.lastSeen(ago(device.last_seen)),
    ...(device.network_kind === 'unknown' ? [] : [kind]),
  ];
  const rules = ownRules(device);
  const { name } = device;
  return (
    <li className="border-b border-line py-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <span className="grid min-w-0">
          <span className="truncate font-medium">{name}</span>
          <span className="text-sm text-soft">{about.join(', ')}</span>
          <span className="text-sm text-soft">
            {rules === 0 ? words.devices.asYou : words.devices.ownRules(rules)}
          </span>
        </span>
        <span className="flex flex-wrap gap-2">
          <Button
            aria-expanded={isOpen}
            aria-label={words.devices.openOf(name)}
            onClick={() => setOpen(!isOpen)}
          >
            {words.devices.open}
          </Button>
          <Button
            look="danger"
            aria-label={words.settings.forgetOf(name)}
            disabled={forget.isPending}
            onClick={() => forget.mutate()}
          >
            {words.settings.forget}
          </Button>
        </span>
      </div>
      {forget.isError && <Failure error={forget.error} />}
      {isOpen && <Profile device={device} />}
    </li>
  );
}
