// Writes records and how an independent encoder puts them on the wire: as a query, as headers, as
// lines of a report, in versions 1 and 2. Seeded: the same file every time.

import { writeFileSync } from 'node:fs';
import { decodeCmcd, encodeCmcd, toCmcdHeaders, toCmcdQuery } from '@svta/cml-cmcd';

const COUNT = 40;

// SplitMix64 (Steele, Lea and Flood 2014).
let seed = 0x5eedn;
function next() {
  seed = (seed + 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn;
  let z = seed;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & 0xffffffffffffffffn;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & 0xffffffffffffffffn;
  return Number((z ^ (z >> 31n)) >> 11n) / 2 ** 53;
}
const below = (limit) => Math.floor(next() * limit);
const maybe = (value) => (next() < 0.7 ? value : undefined);
const pick = (items) => items[below(items.length)];

const texts = ['plain', 'with "quotes" and \\ in it', 'commas, and; signs=(1 2)', 'a/b?c=d&e'];

function request() {
  const kbps = pick([64, 128, 256, 320]);
  return {
    sid: maybe(`6e2fb551-c457-11e9-bb97-0800200c9${100 + below(800)}`),
    cid: maybe(pick(texts)),
    bl: maybe(100 * below(900)),
    br: maybe(kbps),
    tb: maybe(320),
    d: maybe(3840),
    dl: maybe(100 * below(100)),
    mtp: maybe(100 * below(90_000)),
    rtp: maybe(100 * below(30)),
    nor: maybe(`../${kbps}/${below(90)}.m4s`),
    ot: maybe(pick(['a', 'm', 'i', 'k'])),
    sf: maybe(pick(['d', 'h'])),
    st: maybe('v'),
    pr: maybe(1.25),
    bs: maybe(true),
    su: maybe(true),
    'com.example-mark': maybe(pick(texts)),
  };
}

function report() {
  return {
    ...request(),
    e: pick(['ps', 'e', 't', 'rr', 'bc']),
    ts: 1_700_000_000_000 + below(1e9),
    sn: below(500),
    sta: maybe(pick(['p', 'r', 'a', 'k', 'e'])),
    msd: maybe(below(3000)),
    bsa: maybe([below(9)]),
    bsda: maybe([below(9000)]),
    rc: maybe(pick([200, 404])),
    ttfb: maybe(below(300)),
    ttlb: maybe(300 + below(3000)),
    url: 'https://music.example/segment',
  };
}

/** Version 2 has these keys as lists with an item per type of object. */
const LISTS = ['br', 'bl', 'mtp', 'tb', 'rtp'];
const listed = (record) =>
  Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, LISTS.includes(key) ? [value] : value]),
  );

const present = (record) =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

/** What stands in a record: an encoder leaves out what does not belong with its object type. */
const read = (line) => ({ v: 1, ...decodeCmcd(line, { convertToLatest: false }) });

function vector(index) {
  const version = 1 + (index % 2);
  const plain = { ...present(request()), v: version };
  const data = index % 4 === 3 ? listed(plain) : plain;
  const options = { version };
  const query = toCmcdQuery(data, options);
  return {
    version,
    data: read(encodeCmcd(data, options)),
    query,
    headers: toCmcdHeaders(data, options),
  };
}

function event() {
  const data = { ...(next() < 0.5 ? listed : present)(present(report())), v: 2 };
  const line = encodeCmcd(data, { version: 2, reportingMode: 'event' });
  return { data: read(line), line };
}

const vectors = {
  requests: Array.from({ length: COUNT }, (_, index) => vector(index)),
  events: Array.from({ length: COUNT }, event),
};
const lines = (items) => items.map((item) => JSON.stringify(item)).join(',\n');
const body = Object.entries(vectors).map(([name, items]) => `"${name}": [\n${lines(items)}\n]`);
writeFileSync(process.argv[2], `{${body.join(',\n')}}\n`);
