// What this playback measured of its network, as the simulator takes it; and what its answer comes
// to. Pure.

import type { PolicyOutcome, WhatIfRequest, WhatIfResult } from '@quicksync/player/whatif';

import type { Transfer } from '../history.ts';

const SEGMENT_MS = 3_840;

export interface Question {
  readonly transfers: readonly Transfer[];
  /** Of the track to be played again, seconds. */
  readonly duration: number;
  /** Media held at most, seconds. */
  readonly most: number;
}

/** Null while too little crossed the network to replay anything. */
export function requestOf({ transfers, duration, most }: Question): WhatIfRequest | null {
  const crossed = transfers.flatMap(({ asked, firstByte, ended, bytes, cached }) =>
    cached || ended === null
      ? []
      : [
          {
            startMs: asked * 1e3,
            firstByteMs: firstByte === null ? null : firstByte * 1e3,
            endMs: ended * 1e3,
            bytes,
          },
        ],
  );
  if (crossed.every(({ bytes }) => bytes === 0)) return null;
  const segments = Math.max(1, Math.ceil((duration * 1e3) / SEGMENT_MS));
  return { transfers: crossed, segmentMs: SEGMENT_MS, segments, capMs: most * 1e3, optimum: true };
}

export interface Verdict {
  readonly ours: PolicyOutcome;
  readonly best: PolicyOutcome;
  /** 1 for the first. */
  readonly place: number;
}

/** How our own policy did among all; null if it came to no end. */
export function verdictOf({ policies }: WhatIfResult): Verdict | null {
  const ours = policies.find(({ group }) => group === 'ours');
  const ranked = policies.toSorted((a, b) => b.qoe - a.qoe);
  const best = ranked[0];
  return ours && best ? { ours, best, place: ranked.indexOf(ours) + 1 } : null;
}
