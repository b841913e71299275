// What one device does differently, each line beside what it would do otherwise.

import { useQuery } from '@tanstack/react-query';

import { ask } from '../../../api/client.ts';
import { ledgerQuery, QUICK_SYNC, rulesQuery } from '../../../api/queries.ts';
import type { Device, DeviceChange } from '../../../api/wire.ts';
import { words } from '../../../strings/words.ts';
import { Button } from '../../../ui/Button.tsx';
import { Failure } from '../../../ui/Notice.tsx';
import { KeepRows } from '../downloads/KeepRows.tsx';
import { BudgetMeter } from '../network/BudgetMeter.tsx';
import { CapRows } from '../network/CapRows.tsx';
import { useChange } from '../useChange.ts';
import { Overrides } from './Overrides.tsx';
import { FOLLOW, ownRules } from './profile.ts';
import { Rename } from './Rename.tsx';

export function Profile({ device }: { device: Device }) {
  const rules = useQuery(rulesQuery).data;
  const usage = useQuery(ledgerQuery).data?.usage;
  const change = useChange((body: DeviceChange) =>
    ask(`${QUICK_SYNC}devices/${device.id}/`, { method: 'PATCH', body }),
  );
  const send = (body: DeviceChange) => change.mutate(body);
  return (
    <div className="mt-4 grid gap-6 border-l-2 border-accent pl-5">
      <Rename device={device} onRename={(name) => send({ name })} />
      <Overrides overrides={device.overrides} onChange={(overrides) => send({ overrides })} />
      {rules && (
        <>
          <h3 className="font-semibold">{words.network.caps}</h3>
          <CapRows
            caps={device.caps}
            below={rules.caps}
            disabled={change.isPending}
            onChange={(caps) => send({ caps })}
          />
          <h3 className="font-semibold">{words.downloads.keep}</h3>
          <KeepRows own={device} below={rules} onChange={send} />
        </>
      )}
      <h3 className="font-semibold">{words.devices.budget}</h3>
      {device.budget && usage ? (
        <BudgetMeter rule={device.budget} usage={usage} deviceId={device.id} month={null} />
      ) : (
        <p className="text-sm text-soft">{words.devices.noBudget}</p>
      )}
      {change.isError && <Failure error={change.error} />}
      {ownRules(device) > 0 && (
        <div>
          <Button disabled={change.isPending} onClick={() => send(FOLLOW)}>
            {words.devices.clear}
          </Button>
        </div>
      )}
    </div>
  );
}
