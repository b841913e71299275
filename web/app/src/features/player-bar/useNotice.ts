// What the listener should be told: a failure while it lasts, a recovery once.

import type { ErrorCode, PlayerError, PlayerState, SkippedTrack } from '@quicksync/player';
import { useCallback, useEffect, useState } from 'react';

import { usePlayerState } from '../../playback/PlayerContext.tsx';
import { words } from '../../strings/words.ts';

export interface Told {
  readonly kind: 'failure' | 'recovery';
  readonly text: string;
  /** Failures that a press of play may mend. */
  readonly canRetry: boolean;
}

const errorOf = (state: PlayerState) => state.error;
const skippedOf = (state: PlayerState) => state.skipped;
const RECOVERY_SHOWN_MS = 5000;
const RETRIED: readonly ErrorCode[] = ['offline', 'blocked', 'unavailable', 'decode'];

const sentenceOf = ({ code, message }: PlayerError): string =>
  words.player.failures[code] ?? message;

const told = (error: PlayerError): Told => ({
  kind: 'failure',
  text: sentenceOf(error),
  canRetry: RETRIED.includes(error.code),
});

const passedOver = ({ track, error }: SkippedTrack): Told => ({
  kind: 'failure',
  text: words.quality.skipped(track.title, sentenceOf(error)),
  canRetry: false,
});

export function useNotice(): { notice: Told | null; dismiss: () => void } {
  const error = usePlayerState(errorOf);
  const skipped = usePlayerState(skippedOf);
  const [seen, setSeen] = useState<PlayerError | null>(null);
  const [seenSkip, setSeenSkip] = useState(skipped);
  const [notice, setNotice] = useState<Told | null>(null);
  // A new sentence replaces the old one; the same failure again says nothing new.
  if (error?.code !== seen?.code) {
    const recovered = !error && seen?.code === 'offline';
    setSeen(error);
    setNotice(
      error
        ? told(error)
        : recovered
          ? { kind: 'recovery', text: words.player.recovered, canRetry: false }
          : null,
    );
  }
  if (skipped !== seenSkip) {
    setSeenSkip(skipped);
    if (skipped && !error) setNotice(passedOver(skipped));
  }
  const dismiss = useCallback(() => setNotice(null), []);
  useEffect(() => {
    if (notice?.kind !== 'recovery') return;
    const timer = setTimeout(dismiss, RECOVERY_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice, dismiss]);
  return { notice, dismiss };
}
