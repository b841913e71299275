// One of a few: a row of words, the chosen one underlined by its weight and a rule.

import * as RadioGroup from '@radix-ui/react-radio-group';

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: Readonly<Record<Value, string>>;
  readonly onChange: (value: Value) => void;
}

export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  const { label, value, options, onChange } = props;
  return (
    <RadioGroup.Root
      aria-label={label}
      value={value}
      onValueChange={(next) => onChange(next as Value)}
      orientation="horizontal"
      className="flex flex-wrap gap-x-5 gap-y-1"
    >
      {(Object.entries(options) as [Value, string][]).map(([option, text]) => (
        <RadioGroup.Item
          key={option}
          value={option}
          className="min-h-10 border-b-2 border-transparent text-sm text-soft transition-colors hover:text-ink data-[state=checked]:border-accent data-[state=checked]:font-semibold data-[state=checked]:text-ink"
        >
          {text}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
