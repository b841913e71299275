import type { FormEvent } from 'react';

import type { Device } from '../../../api/wire.ts';
import { words } from '../../../strings/words.ts';
import { Button } from '../../../ui/Button.tsx';
import { Field } from '../../../ui/Field.tsx';

interface RenameProps {
  readonly device: Device;
  readonly onRename: (name: string) => void;
}

export function Rename({ device, onRename }: RenameProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onRename(String(new FormData(event.currentTarget).get('name')));
  };
  return (
    <form onSubmit={submit} className="flex max-w-lg flex-wrap items-end gap-3">
      <div className="min-w-48 flex-1">
        <Field
          label={words.devices.name}
          name="name"
          required
          maxLength={80}
          autoComplete="off"
          defaultValue={device.name}
        />
      </div>
      <Button type="submit" className="min-h-11">
        {words.devices.rename}
      </Button>
    </form>
  );
}
