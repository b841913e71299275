// An event of a playback session as a line to read. Pure.

import type { Quality } from '@quicksync/player';

import type { SessionEvent } from '../../api/wire.ts';
import { size } from '../../strings/size.ts';
import { words } from '../../strings/words.ts';

const name = (quality: unknown): string =>
  words.quality.names[quality as Quality] ?? String(quality);

export function eventText({ type, detail }: Pick<SessionEvent, 'type' | 'detail'>): string {
  const { duration_ms: ms, bytes, quality, from, to } = detail as Readonly<Record<string, unknown>>;
  const lasted = words.stats.secs(Number(ms ?? 0) / 1e3);
  const amount = size(Number(bytes ?? 0));
  const said = words.analytics.happened;
  switch (type) {
    case 'startup':
      return said.startup(lasted);
    case 'heard':
      return said.heard(lasted, name(quality));
    case 'stall':
      return said.stall(lasted);
    case 'switch':
      return said.switch(name(from), name(to));
    case 'abandon':
      return said.abandon(amount);
    case 'fetched':
      return said.fetched(amount);
    case 'wasted':
      return said.wasted(amount);
    case 'seek':
      return said.seek;
    case 'end':
      return said.end;
    default:
      return type; // a newer server's
  }
}
