import { beforeEach, describe, expect, it } from 'vitest';

import { settle } from '../../player/src/testing/fakeClock.ts';
import type { CoreAdvisor } from './advisor.ts';
import { action, LADDER, Stage } from './testing/stage.ts';

let stage: Stage;
let advisor: CoreAdvisor;
beforeEach(() => {
  stage = new Stage();
  advisor = stage.advisor();
});

const told = (type: Parameters<typeof stage.core.of>[0]) => stage.core.of(type);
const wish = () => advisor.wish && `${advisor.wish.index} ${advisor.wish.quality}`;

describe('CoreAdvisor', () => {
  it('wishes for nothing before there is a track, and starts at medium', () => {
    expect([advisor.wish, advisor.quality, advisor.entered]).toEqual([null, 'medium', false]);
    advisor.play();
    advisor.enter(LADDER);
    expect(told('play_pressed')).toHaveLength(1);
    expect(wish()).toBe('0 medium');
  });

  it('stands by a wish until it is fulfilled, and then has the next', () => {
    advisor.enter(LADDER);
    stage.core.quality = 'ultra';
    advisor.requested(0, 'medium');
    advisor.received(0, 'medium', 20_000);
    expect(advisor.quality).toBe('medium');
    advisor.completed(0, 'medium', 64_000, 'http://music.test/0');
    expect(wish()).toBe('1 ultra');
    expect(told('segment_completed')[0]).toMatchObject({ bytes: 64_000, cached: false });
    expect(stage.wishes.map((one) => one?.index ?? null)).toEqual([0, null, 1]);
  });

  it('learns nothing of the network from a rung that it did not wish for, and takes note of it', () => {
    advisor.enter(LADDER);
    advisor.requested(0, 'high');
    advisor.completed(0, 'high', 128_000, 'http://music.test/0');
    expect(told('segment_completed')[0]).toMatchObject({
      quality: 'medium',
      bytes: 0,
      cached: true,
    });
    expect(told('segment_held')[0]).toMatchObject({ quality: 'high', segment: { index: 0 } });
    expect(wish()).toBe('1 medium');
  });

  it('gives a wish up that the player passes over', () => {
    advisor.enter(LADDER);
    advisor.requested(7, 'medium');
    expect(told('segment_failed')[0]).toMatchObject({
      segment: { index: 0 },
      failure: 'transient',
    });
  });

  it('declines a better copy of what is held', () => {
    stage.core.forced.push(action('replace', 0, 'ultra'));
    advisor.enter(LADDER);
    expect(told('segment_failed')[0]).toMatchObject({ quality: 'ultra', failure: 'missing' });
    expect(stage.wishes.every((one) => one?.quality !== 'ultra')).toBe(true);
  });

  it('has a transfer cancelled only once it is known what comes instead', async () => {
    stage.core.quality = 'high';
    advisor.enter(LADDER);
    advisor.requested(0, 'high');
    stage.core.forced.push(action('abandon', 0, 'high'));
    advisor.received(0, 'high', 5);
    expect([stage.abandoned.length, advisor.wish]).toEqual([0, null]);
    await settle();
    expect(stage.abandoned).toMatchObject([{ index: 0, quality: 'high' }]);
  });

  it('takes note of what the player threw away, from where the sound is', () => {
    advisor.enter(LADDER);
    for (const index of [0, 1, 2]) {
      advisor.requested(index, 'medium');
      advisor.completed(index, 'medium', 64_000, '');
    }
    advisor.reconcile((at) => at < 9, 1);
    const evicted = () =>
      told('segment_evicted').map((one) => 'segment' in one && one.segment.index);
    expect(evicted()).toEqual([2]);
    advisor.reconcile(() => false);
    expect(evicted()).toEqual([2, 0, 1]);
  });

  it('keeps its session over tracks, and tells a new network', () => {
    advisor.enter(LADDER);
    advisor.leave();
    expect(advisor.wish).toBeNull();
    advisor.enter(LADDER, 8);
    expect(told('next_track')[0]).toMatchObject({ next: { track: 1 } });
    expect(told('seeked')[0]).toMatchObject({ track: 1, positionUs: 8_000_000 });
    advisor.change({ networkKind: 'cellular' });
    expect(told('network_changed')[0]).toMatchObject({ kind: 'cellular' });
  });

  it('ends its session', () => {
    advisor.enter(LADDER);
    advisor.destroy();
    expect(stage.core.freed).toBe(true);
    advisor.completed(0, 'medium', 64_000, '');
    expect(advisor.decisionLog()).toBe('');
  });
});
