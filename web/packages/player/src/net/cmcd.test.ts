import { encodeCmcd, toCmcdHeaders, type Cmcd as Data } from '@svta/cml-cmcd';
import { describe, expect, it } from 'vitest';

import { DEFAULT_BUFFER } from '../preferences.ts';
import { stage } from '../testing/stage.ts';
import { kbps, seconds } from '../units.ts';
import { Cmcd, type CmcdFacts } from './cmcd.ts';

const PLAYING: CmcdFacts = {
  trackId: 'a1',
  bitrateKbps: kbps(256),
  topKbps: kbps(320),
  segment: seconds(3.84),
  ahead: seconds(12.04),
  status: 'playing',
  wantsToPlay: true,
  throughput: kbps(1_234),
  rate: 1,
  stalls: 0,
};
const ALWAYS = { cid: 'a1', d: 3_840, ot: 'a', sf: 'o', sid: 's-1', st: 'v', tb: [320], v: 2 };

/** What is to be said, in the words of the library that players use. */
const CASES: readonly (readonly [string, Partial<CmcdFacts>, object])[] = [
  ['playing', {}, { bl: [12_000], br: [256], dl: 12_000, mtp: [1_200], sta: 'p' }],
  [
    'the first request',
    { ahead: seconds(0), status: 'loading', throughput: null },
    { bl: [0], br: [256], dl: 0, sta: 's', su: true },
  ],
  [
    'after a stall',
    { ahead: seconds(0.26), status: 'stalled', stalls: 1 },
    { bl: [300], br: [256], bs: true, dl: 300, mtp: [1_200], sta: 'r', su: true },
  ],
  [
    'faster than the music',
    { rate: 1.5, bitrateKbps: kbps(64) },
    { bl: [12_000], br: [64], dl: 8_000, mtp: [1_200], pr: 1.5, sta: 'p' },
  ],
  [
    'paused',
    { status: 'paused', wantsToPlay: false },
    { bl: [12_000], br: [256], dl: 12_000, mtp: [1_200], sta: 'a' },
  ],
];

describe('what is said of a request', () => {
  it.each(CASES)('is as others write it: %s', (_, change, said) => {
    const data = { ...ALWAYS, ...said } as Data;
    const facts = { ...PLAYING, ...change };
    const text = encodeCmcd(data, { version: 2 });
    const query = new Cmcd('query', 's-1').mark('/1.m4s?ticket=1', facts);
    expect(new URL(query.url, 'http://s').searchParams.get('CMCD')).toBe(text);
    expect(query.url).toBe(`/1.m4s?ticket=1&CMCD=${encodeURIComponent(text)}`);
    expect(query.headers).toEqual({});
    const headers = new Cmcd('headers', 's-1').mark('/1.m4s', facts);
    expect(headers).toEqual({ url: '/1.m4s', headers: toCmcdHeaders(data, { version: 2 }) });
  });

  it('names a stall once', () => {
    const cmcd = new Cmcd('query', 's');
    const after = { ...PLAYING, stalls: 2 };
    expect(cmcd.mark('/1', after).url).toContain('bs%2C');
    expect(cmcd.mark('/2', after).url).not.toContain('bs%2C');
  });
});

describe('a player', () => {
  const segments = ['query', 'headers', undefined] as const;
  it.each(segments)('says it of segments, and of nothing else, if asked to: %s', async (cmcd) => {
    const buffer = { ...DEFAULT_BUFFER, max_buffer_size: 12 };
    const set = stage([6], { buffer, ...(cmcd && { cmcd }) });
    set.player.load(set.queue, 0, { play: true });
    await set.clock.advance(6_000);
    const marked = set.server.asked.filter(
      ({ path, headers }) => path.includes('CMCD=') || headers.has('CMCD-Session'),
    );
    expect(marked.every(({ path }) => path.includes('.m4s'))).toBe(true);
    expect(marked.length).toBe(cmcd ? set.server.paths('.m4s').length : 0);
    const [first] = marked;
    if (cmcd === 'query') expect(decodeURIComponent(first!.path)).toContain('cid="a",d=3840');
    if (cmcd === 'headers') expect(first?.headers.get('CMCD-Request')).toMatch(/^bl=\(0\).*su$/);
    expect(set.player.state.status).toBe('playing');
  });
});
