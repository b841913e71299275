import type { FormEvent } from 'react';

import type { BudgetRule, DeviceChange } from '../../../api/wire.ts';
import { words } from '../../../strings/words.ts';
import { Button } from '../../../ui/Button.tsx';
import { Field } from '../../../ui/Field.tsx';

interface BudgetFormProps {
  readonly rule: BudgetRule | null;
  readonly disabled: boolean;
  /** Null takes the rule back. */
  readonly onSave: (budget: NonNullable<DeviceChange['budget']> | null) => void;
}

const GB = 1e9;

export function BudgetForm({ rule, disabled, onSave }: BudgetFormProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    onSave({
      monthly_bytes: Math.round(Number(given.get('gigabytes')) * GB),
      starts_on_day: Number(given.get('day')),
      counts: given.has('all') ? 'all' : 'metered',
    });
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <div className="grid max-w-lg grid-cols-2 gap-4">
        <Field
          label={words.network.gigabytes}
          name="gigabytes"
          type="number"
          inputMode="decimal"
          min={0.1}
          max={100_000}
          step="any"
          required
          defaultValue={rule ? rule.monthly_bytes / GB : ''}
        />
        <Field
          label={words.network.startsOn}
          name="day"
          type="number"
          min={1}
          max={28}
          required
          defaultValue={rule?.starts_on_day ?? 1}
        />
      </div>
      <label className="flex min-h-10 items-center gap-3">
        <input
          type="checkbox"
          name="all"
          defaultChecked={rule?.counts === 'all'}
          className="size-5 accent-accent"
        />
        {words.network.countsAll}
      </label>
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="solid" disabled={disabled}>
          {rule ? words.network.changeBudget : words.network.setBudget}
        </Button>
        {rule && (
          <Button disabled={disabled} onClick={() => onSave(null)}>
            {words.network.endBudget}
          </Button>
        )}
      </div>
    </form>
  );
}
