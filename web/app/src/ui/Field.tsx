import { useEffect, useId, useRef, type ComponentProps } from 'react';

interface FieldProps extends ComponentProps<'input'> {
  readonly label: string;
  /** A rule to know before typing. */
  readonly hint?: string;
  /** What is wrong with it. */
  readonly problem?: string | null;
  /** Typing goes here when it appears: for pages that are nothing but a form. */
  readonly focused?: boolean;
}

export function Field({ label, hint, problem, focused = false, ...input }: FieldProps) {
  const id = useId();
  const typed = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (focused) typed.current?.focus();
  }, [focused]);
  const about = problem ?? hint;
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <input
        ref={typed}
        id={id}
        aria-invalid={problem ? true : undefined}
        aria-describedby={about ? `${id}-about` : undefined}
        className="min-h-11 w-full rounded-md border border-line bg-raised px-3 text-base placeholder:text-faint focus-visible:outline-offset-0 aria-invalid:border-danger"
        {...input}
      />
      {about && (
        <p id={`${id}-about`} className={problem ? 'text-sm text-danger' : 'text-sm text-soft'}>
          {about}
        </p>
      )}
    </div>
  );
}
