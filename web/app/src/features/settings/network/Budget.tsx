// A month's data of this device: how much there is, how much is left, and what follows from it.

import { useQuery } from '@tanstack/react-query';

import { ask } from '../../../api/client.ts';
import { devicesQuery, ledgerQuery, meQuery, QUICK_SYNC } from '../../../api/queries.ts';
import type { DeviceChange } from '../../../api/wire.ts';
import { RowsSkeleton } from '../../../library/Skeletons.tsx';
import { words } from '../../../strings/words.ts';
import { Failure } from '../../../ui/Notice.tsx';
import { Section } from '../Section.tsx';
import { useChange } from '../useChange.ts';
import { BudgetForm } from './BudgetForm.tsx';
import { BudgetMeter } from './BudgetMeter.tsx';

export function Budget() {
  const here = useQuery(meQuery).data?.device_id;
  const device = useQuery(devicesQuery).data?.results.find(({ id }) => id === here);
  const ledger = useQuery(ledgerQuery);
  const change = useChange((budget: DeviceChange['budget']) =>
    ask(`${QUICK_SYNC}devices/${here}/`, { method: 'PATCH', body: { budget } }),
  );
  return (
    <Section title={words.network.budget} about={words.network.budgetAbout}>
      {ledger.isPending && <RowsSkeleton rows={2} />}
      {ledger.isError && <Failure error={ledger.error} retry={() => void ledger.refetch()} />}
      {ledger.data && device?.budget && (
        <BudgetMeter
          rule={device.budget}
          usage={ledger.data.usage}
          deviceId={device.id}
          month={ledger.data.month}
        />
      )}
      {ledger.data && (
        <BudgetForm
          key={JSON.stringify(device?.budget ?? null)}
          rule={device?.budget ?? null}
          disabled={change.isPending || !device}
          onSave={(budget) => change.mutate(budget)}
        />
      )}
      {change.isError && <Failure error={change.error} />}
    </Section>
  );
}
