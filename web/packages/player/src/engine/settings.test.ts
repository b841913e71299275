import { describe, expect, it } from 'vitest';

import { prior } from './settings.ts';

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
