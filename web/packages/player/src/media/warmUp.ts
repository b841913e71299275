// Puts the packet before a track's first one in front of its first segment. It is decoded and not
// heard: it takes the place of the other track's end, which the decoder overlaps with what follows.

import { seconds, type Seconds } from '../units.ts';
import { boxIn, viewOf } from './boxes.ts';

const PACKET_SAMPLES = 960;
/** What the answer of `withWarmUp` begins before the segment does. */
export const WARM_UP: Seconds = seconds(PACKET_SAMPLES / 48_000);

/** Both in one: browsers prepare the decoder only with what comes in one piece. */
export function withWarmUp(
  warmUp: Uint8Array,
  segment: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(warmUp.byteLength + segment.byteLength);
  both.set(warmUp);
  both.set(segment, warmUp.byteLength);
  delay(both.subarray(warmUp.byteLength));
  return both;
}

/** Starts a segment one packet later; ISO/IEC 14496-12 8.8.12. */
function delay(segment: Uint8Array): void {
  const tfdt = boxIn(boxIn(boxIn(viewOf(segment), 'moof'), 'traf'), 'tfdt');
  if (!tfdt || tfdt.byteLength < 8) return;
  const wide = tfdt.getUint8(0) === 1;
  if (!wide) tfdt.setUint32(4, tfdt.getUint32(4) + PACKET_SAMPLES);
  else if (tfdt.byteLength >= 12) {
    tfdt.setBigUint64(4, tfdt.getBigUint64(4) + BigInt(PACKET_SAMPLES));
  }
}
