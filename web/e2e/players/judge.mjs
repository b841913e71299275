// What a player said of itself against what the server's status says of its device.

const QUALITIES = { low: 64, medium: 128, high: 256, ultra: 320 };
/** As the server takes them: from the third request for media on, and the median of five. */
const COUNTS_FROM = 2;
const MEDIAN_OF = 5;
const MEDIA = ['a', 'v', 'av', undefined];
const KEYS = ['mtp', 'bl', 'br', 'bs', 'bsa', 'sta', 'sid', 'su', 'ot'];
/** What is under way when status is asked may count already, or not yet. */
const UNDER_WAY = 3;

/** The median of the last five throughputs that count, as a player told them, Mbps. */
function believed(records) {
  const counts = (_, index) =>
    records.slice(0, index + 1).filter(({ ot }) => MEDIA.includes(ot)).length > COUNTS_FROM;
  const told = records.filter(counts).filter(({ mtp }) => mtp !== undefined);
  const last = told.slice(-MEDIAN_OF).map(({ mtp }) => Number(mtp) / 1000);
  last.sort((a, b) => a - b);
  const [below, above] = [Math.floor((last.length - 1) / 2), Math.ceil((last.length - 1) / 2)];
  return last.length > 0 ? (last[below] + last[above]) / 2 : null;
}

/** What the server may believe: with what left last, or without. */
const beliefs = (records) =>
  Array.from({ length: UNDER_WAY }, (_, n) => believed(records.slice(0, records.length - n)));

const lately = (records, key) =>
  records.flatMap((record) => (record[key] === undefined ? [] : [record[key]])).slice(-UNDER_WAY);

function level(kbps) {
  const far = ([, rate]) => Math.abs(rate - kbps);
  return Object.entries(QUALITIES).toSorted((a, b) => far(a) - far(b))[0][0];
}

/** Reports as they count: each once, however often it is sent; and whether a newer one left before. */
function heard(records) {
  const known = new Set();
  let newest = -Infinity;
  return records.flatMap((record) => {
    if (!record.isReport) return [record];
    const [at, name] = [Number(record.ts), `${record.sn} ${record.ts}`];
    if (known.has(name)) return [];
    known.add(name);
    const isLate = at < newest;
    newest = Math.max(newest, at);
    return [{ ...record, isLate }];
  });
}

/**
 * Version 1 tells each stall once, with the request after it (`bs`; the report of a response repeats it),
 * version 2 counts them (`bsa`), tells of a state (`sta`), or says `bs` in each report until it is over.
 */
function stallsOf(records) {
  const counts = records.flatMap(({ bsa }) => (bsa === undefined ? [] : [Number(bsa)]));
  const states = records.flatMap(({ sta, isLate }) => (isLate || sta === undefined ? [] : [sta]));
  const seen = states.filter((sta, n) => sta === 'r' && states[n - 1] === 'p').length;
  const asked = records.filter(({ isReport, bs }) => !isReport && bs === 'true').length;
  const own = records.filter(({ isReport, e }) => isReport && e !== 'rr');
  const reported = own.filter(({ bs }, n) => bs === 'true' && own[n - 1]?.bs !== 'true').length;
  return Math.max(asked + reported, seen, ...counts);
}

/** Each key and how often it was told: with requests, and in reports. */
function tally(records) {
  const count = (key, which) =>
    records.filter((one) => one[key] !== undefined && which(one)).length;
  const ways = (key) => [count(key, (one) => !one.isReport), count(key, (one) => one.isReport)];
  return Object.fromEntries(KEYS.map((key) => [key, ways(key).join('+')]));
}

/**
 * Whether everything that was said arrived, and drives what the server shows. `tells` is what a player
 * of this kind is known to say, with `?` now and then: whoever says more, or less, makes that table wrong.
 */
export function judge(ear, status, { session, tells }, errors) {
  const { network, playback } = status;
  const records = heard(ear.records);
  const present = records.filter(({ isLate }) => !isLate);
  const told = (key) => records.some((record) => record[key] !== undefined);
  const stalls = stallsOf(records);
  const near = (mbps) => mbps !== null && Math.abs(network.speed_mbps - mbps) < 0.001;
  const checks = {
    heard: records.filter(({ ot }) => ot === 'a').length >= 4,
    sid: records.every(({ sid }) => sid === session) && playback?.session === session,
    // Without a throughput of the player's the server has what its own connections carried.
    mtp: told('mtp')
      ? network.source === 'playback' && beliefs(records).some(near)
      : network.source === 'connection',
    bl: lately(present, 'bl').some((bl) => playback?.buffer_s === Number(bl) / 1000),
    br: lately(present, 'br').some((br) => playback?.level === level(Number(br))),
    stalls: playback?.stalls === stalls,
    tells: ['mtp', 'bs', 'bsa', 'sta'].every(
      (key) => tells.includes(`${key}?`) || told(key) === tells.includes(key),
    ),
    errors: errors.length === 0,
  };
  const ok = Object.values(checks).every(Boolean);
  const { speed_mbps: mbps, source } = network;
  const figures = { told: tally(records), stalls, mbps, source, playback };
  if (ok) return { ok, figures };
  const more = { checks, believed: beliefs(records), errors, last: records.slice(-4) };
  return { ok, figures: { ...figures, ...more } };
}
