// What the server believes of a link against what the link truly carries.

/** Payload in a frame of 1514 bytes, which is what tbf counts. */
const PAYLOAD = 1448 / 1514;
const NEAR = 0.1;
/** Samples right after a change are of both rates. */
const LEAST_SAMPLES = 3;

const goodput = (kbps) => kbps * PAYLOAD;

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const [below, above] = [Math.floor((sorted.length - 1) / 2), Math.ceil((sorted.length - 1) / 2)];
  return (sorted[below] + sorted[above]) / 2;
}

/** A link of one rate: what status says of it, of which only connections may have told. */
export function judgeSteady({ network }, kbps) {
  const seen = network.sources.find(({ source }) => source === 'connection');
  const truth = goodput(kbps);
  const error = seen ? (seen.speed_mbps * 1e3) / truth - 1 : null;
  const tested = network.sources.some(({ source }) => source.endsWith('_probe'));
  return {
    ok: error !== null && Math.abs(error) < NEAR && !tested,
    figures: {
      goodput_kbps: Math.round(truth),
      believed_kbps: seen && Math.round(seen.speed_mbps * 1e3),
      samples: seen?.samples,
      error: error?.toFixed(3),
      sources: network.sources.map(({ source, speed_mbps: mbps }) => `${source} ${mbps}`),
    },
  };
}

/**
 * A link that follows a trace: each sample against the rate at that time, where the whole of it lies
 * within one step. `steps` are the instants at which rates began, Unix seconds.
 */
export function judgeTrace(samples, steps) {
  const sorted = samples.toSorted((a, b) => a.measured_at - b.measured_at);
  const stepAt = (at) => steps.findLast(({ from }) => from <= at);
  const errors = sorted.flatMap(({ measured_at: at, speed_mbps: mbps }, n) => {
    const before = sorted[n - 1]?.measured_at;
    const step = stepAt(at);
    if (before === undefined || step === undefined || step !== stepAt(before)) return [];
    return [(mbps * 1e3) / goodput(step.kbps) - 1];
  });
  const error = errors.length > 0 ? median(errors.map(Math.abs)) : null;
  return {
    ok: errors.length >= LEAST_SAMPLES && error < NEAR,
    figures: { median_error: error?.toFixed(3), errors: errors.map((one) => one.toFixed(2)) },
  };
}
