import { describe, expect, it } from 'vitest';

import { FakeClock } from '../testing/fakeClock.ts';
import { DEFAULT_BUFFER, DEFAULT_PREFERENCES } from '../preferences.ts';
import { coreConfig } from '../engine/settings.ts';
import { bytes, micros } from '../units.ts';
import type { CoreInput, CoreOutput, CoreSession } from './contract.ts';
import { CoreDriver } from './driver.ts';
import { configLine, inputLine, trackLine } from './lines.ts';

const LADDER = {
  segmentUs: micros(3_840_000),
  durationUs: micros(60_000_000),
  segmentBytes: { low: bytes(30_720), ultra: bytes(153_600) },
};
const CONFIG = coreConfig(
  {
    preferences: DEFAULT_PREFERENCES,
    buffer: DEFAULT_BUFFER,
    networkKind: 'unknown',
    estimate: { speed_mbps: 3.5, source: 'playback' },
    bounds: null,
    override: null,
    depth: 0,
  },
  'high',
);
const segment = { track: 7, index: 3 };

const INPUTS: readonly (readonly [CoreInput, string])[] = [
  [{ type: 'play_pressed' }, 'play_pressed'],
  [{ type: 'segment_requested', segment, quality: 'low' }, 'segment_requested 7 3 low'],
  [
    { type: 'bytes_received', segment, quality: 'low', bytes: bytes(9) },
    'bytes_received 7 3 low 9',
  ],
  [
    { type: 'segment_completed', segment, quality: 'low', bytes: bytes(9), cached: false },
    'segment_completed 7 3 low 9 false',
  ],
  [{ type: 'segment_held', segment, quality: 'ultra' }, 'segment_held 7 3 ultra'],
  [{ type: 'segment_evicted', segment }, 'segment_evicted 7 3'],
  [
    { type: 'segment_failed', segment, quality: 'low', failure: 'missing' },
    'segment_failed 7 3 low missing',
  ],
  [{ type: 'playhead_at', track: 7, positionUs: micros(5) }, 'playhead_at 7 5'],
  [{ type: 'seeked', track: 7, positionUs: micros(5) }, 'seeked 7 5'],
  [{ type: 'next_track', next: null }, 'next_track none'],
  [
    { type: 'next_track', next: { track: 8, ladder: LADDER } },
    'next_track 8 segment_us=3840000 duration_us=60000000 low=30720 ultra=153600',
  ],
  [
    { type: 'cap_changed', limits: { ...CONFIG.limits, mode: 'low' } },
    'cap_changed mode=low prefer_quality=true adapt_to_system=true network=unknown ' +
      'budget_bytes=none target_s=15 max_s=30 low_s=4.5 depth_s=30',
  ],
  [{ type: 'host_load', load: { cpu_percent: 90.5, memory_percent: 10 } }, 'host_load 90.5 10'],
  [{ type: 'device_pressure', pressure: 'serious' }, 'device_pressure serious'],
  [
    { type: 'network_changed', kind: 'cellular', prior: { meanMbps: 1.5, confidence: 0.5 } },
    'network_changed network=cellular prior_bps=1500000 prior_confidence=0.5',
  ],
  [{ type: 'timeout' }, 'timeout'],
];

describe('lines of the decision log', () => {
  it('say every input', () => {
    for (const [input, line] of INPUTS) expect(inputLine(input)).toBe(line);
  });

  it('say configuration and first track', () => {
    expect(configLine(CONFIG)).toBe(
      'config mode=auto prefer_quality=true adapt_to_system=true network=unknown ' +
        'budget_bytes=none target_s=15 max_s=30 low_s=4.5 depth_s=30 ' +
        'preload=auto start=high prior_bps=3500000 prior_confidence=0.5',
    );
    expect(trackLine(7, LADDER, 1_000)).toBe(
      'track 7 at=1000 segment_us=3840000 duration_us=60000000 low=30720 ultra=153600',
    );
  });
});

describe('the driver', () => {
  it('carries all outputs of one input out before it tells the next, and keeps the timer', async () => {
    const clock = new FakeClock();
    const order: string[] = [];
    const outputs: CoreOutput[] = [];
    const idle = (wakeAt: number | null): CoreOutput => ({
      type: 'idle',
      wakeAt: wakeAt === null ? null : micros(wakeAt),
      code: 'waiting',
      reason: '',
    });
    const play: CoreOutput = { type: 'play', code: 'ready', reason: '' };
    const session: CoreSession = {
      handle: (_, input) => {
        order.push(input.type);
        if (input.type === 'play_pressed') outputs.push(play, play);
      },
      poll: () => outputs.shift() ?? idle(order.length < 3 ? clock.now() + 250_000 : null),
      estimate: () => null,
      log: () => '',
      free: () => undefined,
    };
    const driver = new CoreDriver(session, clock, () => {
      order.push('done');
      if (order.length === 2) driver.tell({ type: 'stall_ended' });
    });
    driver.tell({ type: 'play_pressed' });
    expect(order).toEqual(['play_pressed', 'done', 'done', 'stall_ended']);
    order.length = 0;
    driver.tell({ type: 'pause_pressed' });
    await clock.advance(249);
    expect(order).toEqual(['pause_pressed']);
    await clock.advance(1_000);
    expect(order).toEqual(['pause_pressed', 'timeout', 'timeout']);
    driver.tell({ type: 'pause_pressed' });
    driver.stop();
    await clock.advance(1_000);
    expect(order).toHaveLength(4);
  });
});
