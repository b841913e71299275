// Gives the last packet of a track its whole duration back. A segment states how much of it is
// music; browsers ignore that and play the packet whole, late by the rest. What they do honour is
// the end of the append window, and that cuts only what goes beyond it.

const LISTS_DURATIONS = 0x100;
const DEFAULT_DURATION = 0x8;

/** Changes `segment` in place; one whose packets are all whole stays as it is. */
export function restoreLastPacket(segment: Uint8Array<ArrayBuffer>): void {
  const view = new DataView(segment.buffer, segment.byteOffset, segment.byteLength);
  const traf = boxIn(boxIn(view, 'moof'), 'traf');
  const whole = defaultDuration(boxIn(traf, 'tfhd'));
  const last = lastDuration(boxIn(traf, 'trun'));
  if (whole !== null) last?.setUint32(0, whole);
}

/** The body of the first box of this type. */
function boxIn(view: DataView | null, type: string): DataView | null {
  for (let at = 0; view && at + 8 <= view.byteLength;) {
    const size = view.getUint32(at);
    if (size < 8 || at + size > view.byteLength) return null;
    if (view.getUint32(at + 4) === fourCc(type)) return part(view, at + 8, size - 8);
    at += size;
  }
  return null;
}

const fourCc = (type: string): number =>
  [...type].reduce((code, letter) => code * 256 + letter.charCodeAt(0), 0);

const part = (view: DataView, from: number, length: number): DataView =>
  new DataView(view.buffer, view.byteOffset + from, length);

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
