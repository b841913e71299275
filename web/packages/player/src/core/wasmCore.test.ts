/// <reference types="node" />
// The core as the browser runs it must decide, explain and log what the native one did, byte for
// byte. `cargo xtask test` builds it first and sets the variable.
import { existsSync, readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { readLog, type DecisionLog } from '../testing/logReader.ts';
import { micros } from '../units.ts';
import type { CoreInput, CoreOutput, CoreSession, DecisionCore } from './contract.ts';
import { createWasmCore } from '../wasm.ts';

const WASM = new URL('../wasm/quicksync_wasm.wasm', import.meta.url);
const GOLDENS = new URL('../../../../../testdata/decisions/', import.meta.url);
const isBuilt = existsSync(WASM) || process.env['QUICKSYNC_BUILT'] === '1';

const loadCore = (): Promise<DecisionCore> => createWasmCore(readFileSync(WASM));

const beginAs = (core: DecisionCore, log: DecisionLog): CoreSession =>
  core.begin(log.config, log.track, log.ladder, log.begun);

function drain(session: CoreSession): CoreOutput[] {
  const outputs: CoreOutput[] = [];
  do outputs.push(session.poll());
  while (outputs.at(-1)!.type !== 'idle');
  return outputs;
}

const golden = (name: string): string => readFileSync(new URL(name, GOLDENS), 'utf8');
const NAMES = readdirSync(GOLDENS).filter((name) => name.endsWith('.log'));

/** What the native core believed at each log's end, a line each. */
const BELIEFS = golden('beliefs.txt').trimEnd().split('\n');

function beliefLine(name: string, session: CoreSession): string {
  const estimate = session.estimate()!;
  const rates = [estimate.expectedKbps, estimate.lowKbps, estimate.highKbps];
  // Exact: dividing by 1000 and multiplying again would not give the same bits.
  const written = BELIEFS.find((line) => line.startsWith(`${name} `))!.split(' ');
  const bits = rates.map((rate, n) =>
    Number(written[n + 1]) / 1e3 === rate ? written[n + 1] : rate,
  );
  return [name, ...bits, estimate.latency, estimate.outageShare].join(' ');
}

describe.skipIf(!isBuilt)('the core in WebAssembly', () => {
  it.each(NAMES)('decides %s as the native one did, byte for byte', async (name) => {
    const text = golden(name);
    const log = readLog(text);
    const session = beginAs(await loadCore(), log);
    for (const { at, input } of log.inputs) {
      session.handle(at, input);
      drain(session);
      // Asking leaves no trace in what follows.
      session.estimate();
    }
    expect(BELIEFS).toContain(beliefLine(name.replace('.log', ''), session));
    // By line, so that a difference is shown and not two whole logs.
    expect(session.log().split('\n')).toEqual(text.split('\n'));
    expect(log.inputs.length).toBeGreaterThan(20);
    session.free();
  });

  it('refuses what makes no sense, and says what', async () => {
    const core = await loadCore();
    const log = readLog(golden(NAMES[0]!));
    const session = beginAs(core, log);
    const segment = { track: 0, index: 3 };
    expect(() => session.handle(micros(5), { type: 'nap' } as unknown as CoreInput)).toThrow();
    for (const index of [-1, 0.5, Number.NaN]) {
      const evicted: CoreInput = { type: 'segment_evicted', segment: { ...segment, index } };
      expect(() => session.handle(micros(5), evicted)).toThrow('refused segment_evicted');
    }
    expect(() => session.handle(micros(Number.NaN), { type: 'timeout' })).toThrow();
    const limits = { ...log.config.limits, low: log.config.limits.depth };
    expect(() => core.begin({ ...log.config, limits }, 0, log.ladder, log.begun)).toThrow(
      'no session can honour',
    );
    session.free();
  });

  it('keeps sessions apart, and their memory small', async () => {
    const core = await loadCore();
    const log = readLog(golden(NAMES[0]!));
    const long = { ...log.ladder, durationUs: micros(log.ladder.segmentUs * 100_000) };
    const config = { ...log.config, prior: { meanMbps: 0, confidence: 0 } };
    const held = Array.from({ length: 20 }, () => core.begin(config, 0, long, log.begun));
    const [first, second] = held;
    expect(first!.estimate()).toBeNull();
    first!.handle(micros(1_000), { type: 'play_pressed' });
    expect(drain(first!)[0]).toMatchObject({
      type: 'fetch',
      reason: expect.stringMatching(/^Starting at /),
    });
    for (const session of held.slice(1)) session.free();
    expect(() => second!.handle(micros(0), { type: 'timeout' })).toThrow();
    expect(second!.estimate()).toBeNull();
    expect(first!.log()).toContain('\n< 1000 play_pressed\n> fetch 0 0 ');
  });
});
