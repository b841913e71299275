import { describe, expect, it } from 'vitest';

import { DEFAULT_BUFFER, DEFAULT_BUFFER_DEPTH, DEFAULT_PREFERENCES } from '../preferences.ts';
import { bytes, seconds } from '../units.ts';
import { prior, reach, type Settings } from './settings.ts';

describe('the prior', () => {
  it.each([
    [null, 0, 0],
    [{ speed_mbps: 2, source: 'fallback' }, 0, 0],
    [{ speed_mbps: 3, source: 'playback' }, 3, 0.5],
    [{ speed_mbps: 3, source: 'playback', prior: { mean_mbps: 2.5, confidence: 0.7 } }, 2.5, 0.7],
    [{ speed_mbps: 3, source: 'history', prior: { mean_mbps: 0, confidence: 0 } }, 3, 0.3],
    [{ speed_mbps: 2, source: 'fallback', prior: { mean_mbps: 0, confidence: 0 } }, 0, 0],
  ])('of %j is %d Mbps at %d', (estimate, meanMbps, confidence) => {
    expect(prior(estimate)).toEqual({ meanMbps, confidence });
  });
});

describe('how far ahead', () => {
  const settings: Settings = {
    preferences: DEFAULT_PREFERENCES,
    buffer: DEFAULT_BUFFER,
    networkKind: 'wifi',
    estimate: null,
    bounds: null,
    override: null,
    depth: DEFAULT_BUFFER_DEPTH,
  };
  const budget = { maxQuality: null, leftBytes: bytes(1e6) };

  it.each([
    ['where bytes cost nothing', {}, 240],
    ['on a network of no known kind', { networkKind: 'unknown' }, 240],
    ['on cellular', { networkKind: 'cellular' }, 30],
    ['under a budget', { bounds: budget }, 30],
    ['if asked for less than the maximum', { depth: seconds(5) }, 30],
  ] satisfies [string, Partial<Settings>, number][])('%s', (_, change, expected) => {
    expect(reach({ ...settings, ...change })).toBe(expected);
  });
});
