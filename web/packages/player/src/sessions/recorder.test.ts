import { expect, it } from 'vitest';

import { INITIAL_STATE, type PlayerState } from '../state.ts';
import { FakeClock } from '../testing/fakeClock.ts';
import { kbps, seconds } from '../units.ts';
import { Recorder } from './recorder.ts';

const RUNG = { quality: 'high', bitrateKbps: kbps(256) } as const;
const track = (id: string) => ({ id, title: id });

/** A recorder that is shown a player's states, and what comes of it in words. */
function recording() {
  const clock = new FakeClock();
  const told: string[] = [];
  const recorder = new Recorder(clock, {
    begin: ({ id }) => told.push(`begin ${id}`),
    add: ({ type, duration_ms: ms }) => told.push(ms === undefined ? type : `${type} ${ms}`),
    end: () => undefined,
  });
  const show = (change: Partial<PlayerState>) =>
    recorder.follow({ ...INITIAL_STATE, wantsToPlay: true, playing: RUNG, ...change });
  /** A track heard from its beginning, a second at a time. */
  const hear = (id: string, from: PlayerState['track'], length: number) => {
    for (let at = 0; at <= length; at += 1) {
      show({ status: 'playing', track: from ?? track(id), position: seconds(at) });
    }
  };
  return { clock, told, recorder, show, hear };
}

it('begins anew at a join once a session is as long as the server compares', () => {
  const { told, recorder, show, hear } = recording();
  const [a, b, c] = [track('a'), track('b'), track('c')];
  show({ status: 'loading', track: a });
  hear('a', a, 600);
  hear('b', b, 300);
  hear('c', c, 10);
  recorder.end();
  expect(told).toEqual([
    'begin a',
    'startup 0',
    'heard 900000',
    'end',
    'begin c',
    'heard 10000',
    'end',
  ]);
});

it('starts the wait for sound anew after a pause without any', async () => {
  const { clock, told, show, hear } = recording();
  const a = track('a');
  show({ status: 'loading', track: a });
  await clock.advance(5_000);
  show({ status: 'loading', track: a, wantsToPlay: false });
  await clock.advance(60_000);
  show({ status: 'loading', track: a });
  await clock.advance(3_000);
  hear('a', a, 2);
  expect(told).toEqual(['begin a', 'startup 2000']);
});

it('takes a stall that lasts a night for a day at most', async () => {
  const { clock, told, show } = recording();
  const a = track('a');
  show({ status: 'loading', track: a });
  show({ status: 'stalled', track: a });
  await clock.advance(100_000_000);
  show({ status: 'playing', track: a });
  expect(told).toEqual(['begin a', 'stall 86400000']);
});
