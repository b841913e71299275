// What a listener got, in figures. The metric is the decision core's own, from what was really
// heard: docs/design/decision-core.md.

const SEGMENT_S = 3.84;
/** The position is looked at every 50 ms; standing still for longer than this is a stall. */
const STANDSTILL_S = 0.3;
/** Sound that stops and goes on is no tone: flaws this near to a stall are the stall's. */
const STALL_MARGIN_S = 0.5;
const UTILITY = { 64: 0.6, 128: 0.86, 256: 0.97, 320: 1 };

/** Where the sound stood still after it had begun: when, and for how long. */
export function stallsOf(moments) {
  const found = [];
  let moved = null;
  for (const { t, position } of moments) {
    if (moved !== null && position === moved.position) continue;
    if (moved !== null && t - moved.t > STANDSTILL_S) {
      found.push({ from: moved.t, to: t, position });
    }
    if (position > 0) moved = { t, position };
  }
  const last = moments.at(-1);
  if (moved !== null && last.t - moved.t > STANDSTILL_S) {
    found.push({ from: moved.t, to: last.t, position: last.position });
  }
  return found;
}

/** The rate heard in each segment that was reached, in order. */
export function rungsOf(moments) {
  const rungs = [];
  for (const { position, heard } of moments) {
    if (heard !== null) rungs[Math.floor(position / SEGMENT_S)] = heard;
  }
  return rungs.filter((kbps) => kbps !== undefined);
}

/** `segments` is how many the track has; what was never reached is worth nothing. */
export function judge({ moments, capture }, segments, bytes) {
  const start = moments.find(({ position }) => position > 0)?.t ?? moments.at(-1).t;
  const stalls = stallsOf(moments);
  const stalled = stalls.reduce((sum, { from, to }) => sum + to - from, 0);
  const rungs = rungsOf(moments);
  const worth = rungs.map((kbps) => UTILITY[kbps]);
  const sum = worth.reduce((total, value) => total + value, 0);
  const turns = worth.slice(1).map((value, i) => Math.abs(value - worth[i]));
  const price = 0.5 * turns.reduce((total, value) => total + value, 0);
  return {
    qoe: (sum - price - 0.3 * stalled - 4 * stalls.length - 0.1 * start) / segments,
    stalls: stalls.length,
    stalledS: stalled,
    startupS: start,
    meanKbps: rungs.reduce((total, kbps) => total + kbps, 0) / Math.max(1, rungs.length),
    switches: turns.filter((value) => value > 0).length,
    megabytes: bytes / 1e6,
    ...flawsOf(capture, stalls),
  };
}

function flawsOf({ flaws, heard, sampleRate }, stalls) {
  const end = (heard?.last ?? 0) - sampleRate / 100;
  const clear = ({ frame, position }) =>
    frame < end && !stalls.some((stall) => Math.abs(position - stall.position) < STALL_MARGIN_S);
  const found = flaws.filter(clear);
  const count = (kind) => found.filter((flaw) => flaw.kind === kind).length;
  return { clicks: count('click'), gaps: count('gap') };
}

/** The run in the middle by its quality of experience. */
export const median = (runs) =>
  runs.toSorted((a, b) => a.qoe - b.qoe)[Math.floor((runs.length - 1) / 2)];
