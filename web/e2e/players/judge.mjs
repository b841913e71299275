// What a player said of itself against what the server's status says of its device.

const QUALITIES = { low: 64, medium: 128, high: 256, ultra: 320 };
/** As the server takes them: from the third request for media on, and the median of five. */
const COUNTS_FROM = 2;
const MEDIAN_OF = 5;

/** The median of the last five throughputs that count, as a player told them, Mbps. */
function believed(records) {
  const told = records.slice(COUNTS_FROM).filter(({ mtp }) => mtp !== undefined);
  const last = told.slice(-MEDIAN_OF).map(({ mtp }) => Number(mtp) / 1000);
  last.sort((a, b) => a - b);
  const [below, above] = [Math.floor((last.length - 1) / 2), Math.ceil((last.length - 1) / 2)];
  return last.length > 0 ? (last[below] + last[above]) / 2 : null;
}

const last = (records, key) => records.findLast((record) => record[key] !== undefined)?.[key];

function level(kbps) {
  const far = ([, rate]) => Math.abs(rate - kbps);
  return Object.entries(QUALITIES).toSorted((a, b) => far(a) - far(b))[0][0];
}

/** Whether everything that was said arrived, and drives what the server shows. */
export function judge({ records, reports }, status, { mode, session, tellsThroughput }, errors) {
  const said = mode === 'events' ? reports : records;
  const { network, playback } = status;
  const [mtp, bl, br] = ['mtp', 'bl', 'br'].map((key) => last(said, key));
  // Version 1 tells each stall with one request, version 2 counts them.
  const counts = said.flatMap(({ bsa }) => (bsa === undefined ? [] : [Number(bsa)]));
  const stalls = Math.max(said.filter(({ bs }) => bs === 'true').length, 0, ...counts);
  const expected = mode === 'events' ? null : believed(records);
  const checks = {
    heard: said.length >= 4,
    sid: said.every(({ sid }) => sid === session) && playback?.session === session,
    // Without a throughput of the player's the server has what its own connections carried.
    mtp: tellsThroughput
      ? network.source === 'playback' &&
        (expected === null || Math.abs(network.speed_mbps - expected) < 0.001)
      : mtp === undefined && network.source === 'connection',
    bl: bl !== undefined && playback?.buffer_s === Number(bl) / 1000,
    br: br !== undefined && playback?.level === level(Number(br)),
    bs: playback?.stalls === stalls,
    errors: errors.length === 0,
  };
  const { speed_mbps: mbps, source } = network;
  const figures = {
    checks,
    said: said.length,
    mtp,
    bl,
    br,
    stalls,
    expected,
    mbps,
    source,
    playback,
  };
  const ok = Object.values(checks).every(Boolean);
  return { ok, figures: ok ? figures : { ...figures, errors, last: said.slice(-4) } };
}
