import { useId } from 'react';

interface SelectProps<Value extends string> {
  readonly label: string;
  /** A line about it, read with it. */
  readonly hint?: string | undefined;
  readonly value: Value;
  readonly options: readonly (readonly [value: Value, text: string])[];
  readonly disabled?: boolean;
  readonly onChange: (value: Value) => void;
}

/** One of a few, in the browser's own list: a row with its name on the left. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, hint, value, options, disabled = false, onChange } = props;
  const id = useId();
  return (
    <div className="flex min-h-14 flex-wrap items-center gap-x-6 gap-y-1 border-b border-line py-2">
      <div className="grid min-w-0 flex-1 basis-64">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {hint && (
          <span id={`${id}-hint`} className="text-sm text-soft">
            {hint}
          </span>
        )}
      </div>
      <select
        id={id}
        value={value}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.currentTarget.value as Value)}
        className="min-h-10 w-52 max-w-full rounded-md border border-line bg-raised px-3 text-sm disabled:opacity-60"
      >
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
