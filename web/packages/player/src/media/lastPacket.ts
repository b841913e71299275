// Gives the last packet of a track its whole duration back. A segment states how much of it is
// music; browsers ignore that and play the packet whole, late by the rest. What they do honour is
// the end of the append window, and that cuts only what goes beyond it.

import { boxIn, part, viewOf } from './boxes.ts';

const LISTS_DURATIONS = 0x100;
const DEFAULT_DURATION = 0x8;

/** Changes `segment` in place; one whose packets are all whole stays as it is. */
export function restoreLastPacket(segment: Uint8Array<ArrayBuffer>): void {
  const traf = boxIn(boxIn(viewOf(segment), 'moof'), 'traf');
  const whole = defaultDuration(boxIn(traf, 'tfhd'));
  const last = lastDuration(boxIn(traf, 'trun'));
  if (whole !== null) last?.setUint32(0, whole);
}

/** ISO/IEC 14496-12 8.8.7. */
function defaultDuration(tfhd: DataView | null): number | null {
  if (!tfhd || tfhd.byteLength < 8) return null;
  const flags = tfhd.getUint32(0) & 0xff_ffff;
  if (!(flags & DEFAULT_DURATION)) return null;
  const at = 8 + (flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0);
  return at + 4 <= tfhd.byteLength ? tfhd.getUint32(at) : null;
}

/** Where `trun` lists the duration of the last packet; ISO/IEC 14496-12 8.8.8. */
function lastDuration(trun: DataView | null): DataView | null {
  if (!trun || trun.byteLength < 8) return null;
  const flags = trun.getUint32(0) & 0xff_ffff;
  const packets = trun.getUint32(4);
  if (!(flags & LISTS_DURATIONS) || packets === 0) return null;
  const entry = 4 * [0x100, 0x200, 0x400, 0x800].filter((field) => flags & field).length;
  const first = 8 + (flags & 0x1 ? 4 : 0) + (flags & 0x4 ? 4 : 0);
  const at = first + (packets - 1) * entry;
  return at + entry <= trun.byteLength ? part(trun, at, 4) : null;
}
