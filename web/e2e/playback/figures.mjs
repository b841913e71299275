// Turns a page's report into the figures that are judged and shown.

/** The position is looked at ten times a second; standing still for longer than this is a stall. */
const STANDSTILL_S = 0.45;
const SEGMENT = /\/segments\/[^/]+\/(low|medium|high|ultra)\/(\d+)\.m4s$/;

export const KBPS = { low: 64, medium: 128, high: 256, ultra: 320 };

/** Requests for segments, in order. */
export const segmentRequests = ({ requests }) =>
  requests.flatMap(({ path, ...request }) => {
    const [, quality, index] = SEGMENT.exec(path) ?? [];
    const track = path.split('/')[3];
    return quality
      ? [{ ...request, track, quality, kbps: KBPS[quality], index: Number(index) }]
      : [];
  });

/** Rates heard between two instants, each with its seconds, in order. */
export function heardBetween(report, from, to) {
  const runs = [];
  for (const { t, heard, status } of report.moments) {
    if (t < from || t >= to || status !== 'playing' || heard === null) continue;
    const last = runs.at(-1);
    if (last?.kbps === heard) last.until = t;
    else runs.push({ kbps: heard, from: t, until: t });
  }
  return runs;
}

/** Where the sound stood still although it should have gone on, from the first sound on. */
function standstills({ moments }) {
  const found = [];
  let moved = null;
  for (const { t, position, status } of moments) {
    const free = status === 'paused' || status === 'ended';
    if (moved === null && position === 0) continue;
    if (moved === null || position !== moved.position || free) {
      if (moved && !free && t - moved.t > STANDSTILL_S) found.push({ t: moved.t, s: t - moved.t });
      moved = { t, position };
    }
  }
  const { t } = moments.at(-1);
  if (moved && t - moved.t > STANDSTILL_S) found.push({ t: moved.t, s: t - moved.t });
  return found;
}

/** Flaws heard; the sound breaking off at the very end, or where it was stopped, is none. */
function flaws({ capture }) {
  const end = (capture.heard?.last ?? Infinity) - capture.sampleRate / 100;
  return capture.flaws.filter(({ frame }) => frame < end);
}

export function figures(report) {
  const { capture, moments, state } = report;
  const segments = segmentRequests(report);
  const distinct = new Set(segments.map(({ track, index }) => `${track} ${index}`));
  const found = flaws(report);
  const first = moments.find(({ position }) => position > 0);
  const { first: start = 0, last = 0 } = capture.heard ?? {};
  return {
    heard: heardBetween(report, 0, Infinity),
    firstSound: first?.t ?? null,
    sounded: (last - start) / capture.sampleRate,
    worst: capture.worst,
    clicks: found.filter(({ kind }) => kind === 'click'),
    gaps: found.filter(({ kind }) => kind === 'gap'),
    standstills: standstills(report),
    stalls: state.stalls.count,
    waiting: report.waiting,
    requests: segments.length,
    again: segments.length - distinct.size,
  };
}
