// An advisor on a core that fetches at a set quality, with a clock that a test turns.

import { FakeClock } from '../../../player/src/testing/fakeClock.ts';
import { FakeCore } from '../../../player/src/testing/fakeCore.ts';
import { CoreAdvisor, type Wish } from '../advisor.ts';
import type { PluginOptions } from '../options.ts';

export class Stage {
  readonly clock = new FakeClock();
  readonly core = new FakeCore();
  readonly wishes: (Wish | null)[] = [];
  readonly abandoned: Wish[] = [];
  readonly options: PluginOptions = {
    core: this.core,
    clock: this.clock,
    scope: new EventTarget() as never,
  };

  advisor(): CoreAdvisor {
    return new CoreAdvisor(this.options, {
      wished: (wish) => void this.wishes.push(wish),
      abandoned: (wish) => void this.abandoned.push(wish),
    });
  }
}

export const LADDER = {
  segmentUs: 4_000_000,
  durationUs: 400_000_000,
  segmentBytes: { low: 32_000, medium: 64_000, high: 128_000, ultra: 160_000 },
} as never;

export const action = (type: 'abandon' | 'replace', index: number, quality: 'high' | 'ultra') => {
  const segment = { track: 0, index };
  return { type, segment, quality, code: 'test', reason: `To ${type}` } as const;
};
