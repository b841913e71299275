// Sums over a playback: what came, what it was worth, what was thrown away. Pure.

import type { Decision, History, Transfer } from './history.ts';

/** Kilobits per second of what arrived, first byte to last; null while nothing is known. */
export function rateOf({ asked, firstByte, ended, bytes, cached }: Transfer): number | null {
  const from = firstByte ?? asked;
  if (cached || ended === null || bytes === 0) return null;
  // A body in one piece has no length in time of its own.
  const lasted = ended - from > 0.002 ? ended - from : ended - asked;
  return lasted > 0 ? (bytes * 8) / 1e3 / lasted : null;
}

export interface Sums {
  readonly bytes: number;
  readonly wasted: number;
  /** Segments that the sound had to wait for. */
  readonly late: number;
  readonly stalls: number;
  readonly stalledSeconds: number;
  /** Changes of quality from one kept segment to the next. */
  readonly switches: number;
  /** From the first decision to the first sound; null before it. */
  readonly startup: number | null;
}

export function sumsOf(history: History): Sums {
  const { transfers, stalls, decisions, now } = history;
  const crossed = transfers.filter(({ cached }) => !cached);
  const total = (some: readonly Transfer[]) => some.reduce((sum, { bytes }) => sum + bytes, 0);
  const wasted = crossed.filter(({ outcome }) => outcome === 'thrown' || outcome === 'abandoned');
  const kept = transfers
    .filter(({ outcome }) => outcome === 'kept')
    .toSorted((a, b) => a.track - b.track || a.index - b.index);
  const first = decisions[0];
  const played = decisions.find(({ word }) => word === 'play');
  return {
    bytes: total(crossed),
    wasted: total(wasted),
    late: transfers.filter(({ late }) => late).length,
    stalls: stalls.length,
    stalledSeconds: stalls.reduce((sum, { from, to }) => sum + (to ?? now) - from, 0),
    switches: kept.filter((one, i) => i > 0 && one.quality !== kept[i - 1]?.quality).length,
    startup: first && played ? played.at - first.at : null,
  };
}

const HEADER =
  'asked_s,first_byte_s,ended_s,track,segment,quality,purpose,outcome,bytes,cached,late';

/** A decision's fields; sentences may hold commas and quotes. */
export function decisionsCsv(decisions: readonly Decision[]): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const lines = decisions.map(({ at, word, segment, quality, code, reason }) =>
    [
      at.toFixed(3),
      word,
      segment?.track ?? '',
      segment?.index ?? '',
      quality ?? '',
      code,
      quoted(reason),
    ].join(','),
  );
  return ['at_s,deed,track,segment,quality,code,reason', ...lines, ''].join('\r\n');
}

/** One line a transfer (RFC 4180). */
export function transfersCsv(transfers: readonly Transfer[]): string {
  const time = (value: number | null) => value?.toFixed(3) ?? '';
  const lines = transfers.map((one) =>
    [
      time(one.asked),
      time(one.firstByte),
      time(one.ended),
      one.track,
      one.index,
      one.quality,
      one.purpose,
      one.outcome,
      one.bytes,
      one.cached,
      one.late,
    ].join(','),
  );
  return [HEADER, ...lines, ''].join('\r\n');
}
