/** Seconds shown at once: long enough to see why, short enough to see each segment. */
export const SPAN_S = 180;
