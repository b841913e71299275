import { describe, expect, it } from 'vitest';

import { DEFAULT_BUFFER } from '../preferences.ts';
import { sessionsOf } from '../testing/sessionLedger.ts';
import { stage, type Stage } from '../testing/stage.ts';
import type { SessionEvent } from './recorder.ts';

const BUFFER = { ...DEFAULT_BUFFER, buffer_size: 8, max_buffer_size: 12 };

async function playing(segments: readonly number[], ms = 2_000, options = {}): Promise<Stage> {
  const set = stage(segments, { buffer: BUFFER, ...options });
  set.player.load(set.queue, 0, { play: true });
  await recorderLoaded();
  await set.clock.advance(ms);
  return set;
}

/** It comes by itself while the sound begins; time stands still here meanwhile. */
async function recorderLoaded(): Promise<void> {
  await import('./connect.ts');
  for (let turns = 0; turns < 5; turns += 1) await new Promise((next) => void setImmediate(next));
}

const told = ({ server }: Stage) => sessionsOf(server.asked);
const of = (events: readonly SessionEvent[], type: string) =>
  events.filter((event) => event.type === type);
const sum = (events: readonly SessionEvent[], field: 'bytes' | 'duration_ms') =>
  events.reduce((total, event) => total + (event[field] ?? 0), 0);

describe('a playback session', () => {
  it('tells when sound began, what was heard and fetched, and that it ended', async () => {
    const set = await playing([3], 20_000);
    expect(set.player.state.status).toBe('ended');
    const [session, ...others] = told(set);
    expect(others).toEqual([]);
    expect(session?.start).toMatchObject({ track_id: 'a', player: 'quicksync-web 0.1' });
    const { events } = session!;
    const [startup] = of(events, 'startup');
    // A manifest, an init segment and a segment, 20 ms each, and what the segment takes at 8 Mbps.
    expect(startup?.duration_ms).toBeGreaterThanOrEqual(100);
    expect(startup?.duration_ms).toBeLessThan(200);
    expect(of(events, 'heard').every(({ quality }) => quality === 'medium')).toBe(true);
    expect(sum(of(events, 'heard'), 'duration_ms')).toBeCloseTo(3 * 3_840, -2);
    expect(sum(of(events, 'fetched'), 'bytes')).toBe(3 * 128 * 480);
    expect(of(events, 'fetched')[0]?.duration_ms).toBeCloseTo(20 + 61.44, 1);
    expect(events.at(-1)?.type).toBe('end');
    expect(of(events, 'wasted')).toEqual([]);
    const times = events.map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('loses nothing of what happens before its recorder is there', async () => {
    const set = stage([3], { buffer: BUFFER });
    set.player.load(set.queue, 0, { play: true });
    await set.clock.advance(1_500);
    await recorderLoaded();
    await set.clock.advance(18_500);
    const [session] = told(set);
    expect(of(session!.events, 'startup')[0]?.duration_ms).toBeCloseTo(100, -2);
    expect(sum(of(session!.events, 'heard'), 'duration_ms')).toBeCloseTo(3 * 3_840, -2);
    expect(sum(of(session!.events, 'fetched'), 'bytes')).toBe(3 * 128 * 480);
  });

  it('carries the decision log, in parts that fit together', async () => {
    const set = await playing([12], 45_000);
    const [session] = told(set);
    expect(set.server.paths('/events/').length).toBeGreaterThan(3);
    expect(set.player.decisionLog().startsWith(session!.log)).toBe(true);
    expect(session!.log.length).toBeGreaterThan(500);
  });

  it('goes on from track to track, and ends with the next choice', async () => {
    const set = await playing([2, 4, 3], 11_000);
    expect(set.player.state.index).toBe(1);
    set.player.next();
    await set.clock.advance(3_000);
    const [first, second] = told(set);
    expect(first?.start.track_id).toBe('a');
    expect(of(first!.events, 'startup')).toHaveLength(1);
    expect(first?.events.at(-1)?.type).toBe('end');
    expect(sum(of(first!.events, 'heard'), 'duration_ms')).toBeGreaterThan(9_500);
    expect(second?.start.track_id).toBe('c');
    expect(of(second!.events, 'startup')).toHaveLength(1);
  });

  it('tells stalls, switches, seeks and what was given up', async () => {
    const set = await playing([30], 2_000);
    const { clock, core, player, server } = set;
    core.quality = 'ultra';
    await clock.advance(20_000);
    player.seek(60);
    await clock.advance(2_000);
    server.down = true;
    await clock.advance(20_000);
    server.down = false;
    await clock.advance(8_000);
    server.rateKbps = 20;
    await clock.advance(9_000);
    const { segment, quality } = core.of('segment_requested').at(-1)!;
    core.forced.push({ type: 'abandon', segment, quality, code: 'too_slow', reason: 'Gave up' });
    await clock.advance(10_000);
    const { events } = told(set)[0]!;
    expect(of(events, 'switch')[0]).toMatchObject({ from: 'medium', to: 'ultra' });
    expect(of(events, 'seek')).toHaveLength(1);
    const stalls = of(events, 'stall');
    expect(stalls).toHaveLength(
      player.state.stalls.count - (player.state.status === 'stalled' ? 1 : 0),
    );
    expect(sum(stalls, 'duration_ms') / 1e3).toBeCloseTo(player.state.stalls.total, 0);
    expect(of(events, 'abandon')[0]?.bytes).toBeGreaterThan(0);
  });

  it('counts media that nobody hears', async () => {
    const set = await playing([30, 3], 3_000);
    const { clock, core, player } = set;
    const { segment } = core.of('segment_completed').at(-1)!;
    core.forced.push({ type: 'replace', segment, quality: 'ultra', code: 'up', reason: 'Better' });
    await clock.advance(2_000);
    const fetched = () => sum(of(told(set)[0]!.events, 'fetched'), 'bytes');
    player.next();
    await clock.advance(1_000);
    const { events } = told(set)[0]!;
    const wasted = of(events, 'wasted');
    expect(wasted[0]?.bytes).toBe(128 * 480);
    // Two segments were begun to be heard; all else of the track was for nothing.
    expect(sum(wasted, 'bytes')).toBe(fetched() - 2 * 128 * 480);
  });

  it('is not told if the page does not want it', async () => {
    const set = await playing([3], 20_000, { reports: false });
    expect(told(set)).toEqual([]);
  });
});

describe('what cannot be sent', () => {
  it('waits for the network, within bounds, and counts once', async () => {
    const set = await playing([6, 6], 2_000);
    const { clock, server, player } = set;
    server.down = true;
    for (let n = 0; n < 40; n += 1) {
      player.load(set.queue, n % 2, { play: true });
      await clock.advance(500);
    }
    server.down = false;
    const before = server.asked.length;
    await clock.advance(15_000);
    const begun = server.asked.slice(before).filter(({ path }) => path.endsWith('/sessions/'));
    expect(new Set(begun.map(({ body }) => body)).size).toBe(30);
    await clock.advance(25_000);
    const last = told(set).at(-1)!;
    expect(sum(of(last.events, 'heard'), 'duration_ms')).toBeGreaterThan(20_000);
    expect(last.events.at(-1)?.type).toBe('end');
  });

  it('is sent when the page goes, in a way that outlives it', async () => {
    const set = await playing([20], 6_000);
    const before = set.server.asked.length;
    set.window.dispatchEvent(new Event('pagehide'));
    await set.clock.advance(100);
    const leaving = set.server.asked.slice(before).filter(({ keepalive }) => keepalive);
    const [report, ...others] = leaving.filter(({ path }) => path.endsWith('/events/'));
    expect(others).toEqual([]);
    expect(report!.body!.length).toBeLessThan(60_000);
    const [session] = told(set);
    expect(session?.events.at(-1)?.type).toBe('end');
    expect(of(session!.events, 'wasted').length).toBeGreaterThan(0);
  });

  it('is kept for the next visit', async () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    };
    const first = await playing([20], 6_000, { storage });
    first.server.down = true;
    await first.clock.advance(3_000);
    first.player.destroy();
    await first.clock.advance(1_000);
    const second = await playing([3], 12_000, { storage });
    const sessions = sessionsOf([...first.server.asked, ...second.server.asked]);
    expect(sessions).toHaveLength(2);
    expect(sessions[0]?.events.at(-1)?.type).toBe('end');
  });

  it('is forgotten if the server will never take it', async () => {
    const set = stage([20], { buffer: BUFFER });
    set.server.refuseSessions = 400;
    set.player.load(set.queue, 0, { play: true });
    await recorderLoaded();
    await set.clock.advance(40_000);
    expect(set.server.paths('/sessions/')).toHaveLength(1);
  });
});
