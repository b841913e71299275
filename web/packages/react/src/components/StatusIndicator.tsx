import type { Tone } from './words/types.ts';

/** A status by shape, colour and words. */
export function StatusIndicator({ tone, children }: { tone: Tone; children: string }) {
  return (
    <p className="qss-status" data-tone={tone}>
      {children}
    </p>
  );
}
