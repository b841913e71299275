import { beforeEach, describe, expect, it, vi } from 'vitest';

import { INITIAL_ENGINE_STATE, type EngineState } from '../state.ts';
import { settle } from '../testing/fakeClock.ts';
import { notingEngine, type NotingEngine } from '../testing/notingEngine.ts';
import { seconds } from '../units.ts';
import type { AudioEngine } from './audioEngine.ts';
import { StandInEngine } from './standIn.ts';

const TRACK = { id: 'a', title: 'A' };
const START = { position: seconds(0), play: true, following: null };
const DECODE = { code: 'decode', message: 'Damaged.' } as const;
const UNSUPPORTED = { code: 'unsupported', message: 'Not here.' } as const;

let first: NotingEngine;
let second: NotingEngine;
let call: () => Promise<AudioEngine>;
let engine: StandInEngine;
let shown: EngineState[];

beforeEach(() => {
  first = notingEngine('ours');
  second = notingEngine();
  call = vi.fn(async () => second);
  engine = new StandInEngine(first, () => call());
  shown = [];
  engine.subscribe(
    (state) => state,
    (state) => void shown.push(state),
  );
  engine.load(TRACK, START);
  first.show({ track: TRACK, status: 'playing', position: seconds(42) });
});

describe('StandInEngine', () => {
  it('is the first engine as long as that plays', () => {
    engine.seek(12);
    engine.setMode('high');
    expect(first.asked).toEqual([`load ${JSON.stringify(TRACK)}`, 'seek 12', 'setMode high']);
    expect(engine.state.position).toBe(42);
    expect(engine.decisionLog()).toBe('ours');
    expect(call).not.toHaveBeenCalled();
  });

  it('goes on with the second, where it was and as it was set, when the first cannot play', async () => {
    const advice = { buffer: { buffer_size: 9 } } as never;
    engine.advise(advice);
    engine.watch(() => undefined);
    first.show({ mode: 'medium', volume: 0.5, muted: true, rate: 1.5, leveling: 'album' });
    first.show({ error: UNSUPPORTED, status: 'error' });
    await settle();
    expect(second.asked).toEqual([
      `advise ${JSON.stringify(advice)}`,
      'setMode medium',
      'setVolume 0.5',
      'mute true',
      'setLeveling album',
      'setRate 1.5',
      `setCrossfade ${JSON.stringify(INITIAL_ENGINE_STATE.crossfade)}`,
      `load ${JSON.stringify(TRACK)}`,
      'overrideQuality',
      'watch',
    ]);
    expect(first.asked.at(-1)).toBe('destroy');
    second.show({ track: TRACK, status: 'playing', position: seconds(43) });
    expect(engine.state).toMatchObject({ status: 'playing', position: 43, error: null });
    expect(shown.filter(({ error }) => error)).toEqual([]);
    engine.pause();
    expect(second.asked.at(-1)).toBe('pause');
  });

  it('tries once more after a first decoding error, and calls after a second', async () => {
    first.show({ error: DECODE, status: 'error' });
    await settle();
    expect(first.asked.at(-1)).toBe('play');
    expect(call).not.toHaveBeenCalled();
    first.show({ error: null, status: 'playing' });
    first.show({ error: DECODE, status: 'error' });
    await settle();
    expect(call).toHaveBeenCalledOnce();
  });

  it('leaves other errors to the listener', async () => {
    const error = { code: 'unavailable', message: 'Gone.' } as const;
    first.show({ error, status: 'error' });
    await settle();
    expect(engine.state.error).toEqual(error);
    expect(call).not.toHaveBeenCalled();
  });

  it('says what was wrong if there is no second, and calls no third', async () => {
    call = vi.fn(async () => Promise.reject(new Error('offline')));
    first.show({ error: UNSUPPORTED, status: 'error' });
    await settle();
    expect(engine.state).toMatchObject({ status: 'error', error: UNSUPPORTED });
    first.show({ error: null });
    first.show({ error: UNSUPPORTED });
    await settle();
    expect(call).toHaveBeenCalledOnce();
  });

  it('ends the second at once if it was destroyed meanwhile', async () => {
    first.show({ error: UNSUPPORTED });
    engine.destroy();
    await settle();
    expect(second.asked).toEqual(['destroy']);
  });
});
