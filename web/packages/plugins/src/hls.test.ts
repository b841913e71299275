/// <reference types="node" />
import { EventEmitter } from 'node:events';

import type Hls from 'hls.js';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { quickSyncHls, type HlsPlugin } from './hls.ts';
import { action, Stage } from './testing/stage.ts';

const NAMES = ['MANIFEST_LOADING', 'MANIFEST_PARSED', 'LEVELS_UPDATED', 'LEVEL_LOADED', 'ERROR'];
const MORE = ['MEDIA_ATTACHED', 'MEDIA_DETACHING', 'FRAG_LOADING', 'FRAG_BUFFERED'];
const ALL = [...NAMES, ...MORE, 'FRAG_LOAD_EMERGENCY_ABORTED'];

/** What the controller touches of hls.js; the levels are those of a Quick Sync server. */
class FakeHls extends EventEmitter {
  static Events = Object.fromEntries(ALL.map((name) => [name, name]));
  config: Record<string, unknown> = { startPosition: -1 };
  media = null;
  levels = ['low', 'medium', 'high'].map((name, index) => ({ name, bitrate: 64e3 * 2 ** index }));
  tell = (event: string, data: object = {}) => this.emit(event, event, data);
  trigger = vi.fn();
}

const frag = (sn: number, level: number) => ({
  ...{ sn, level, url: '', start: sn * 4, duration: 4, setStart: vi.fn(), abortRequests: vi.fn() },
  stats: { loaded: 10, total: 64_000, aborted: false },
});

let stage: Stage;
let plugin: HlsPlugin;
let hls: FakeHls;
let controller: { nextAutoLevel: number; destroy(): void };

beforeEach(() => {
  stage = new Stage();
  plugin = quickSyncHls(stage.options);
  hls = new FakeHls();
  controller = new plugin.config.abrController!(hls as unknown as Hls) as never;
  hls.tell('MANIFEST_PARSED');
});
afterEach(() => controller.destroy());

const load = () => {
  const fragments = [0, 1, 2].map((sn) => frag(sn, 1));
  hls.tell('LEVEL_LOADED', { details: { fragments, startSN: 0, totalduration: 12 } });
  return fragments;
};

it('answers with the level of the wish, whatever hls.js sets', () => {
  load();
  expect(controller.nextAutoLevel).toBe(1);
  controller.nextAutoLevel = 2;
  expect(controller.nextAutoLevel).toBe(1);
  stage.core.quality = 'high';
  hls.tell('FRAG_LOADING', { frag: frag(0, 1) });
  expect(controller.nextAutoLevel).toBe(1);
  hls.tell('FRAG_BUFFERED', { frag: frag(0, 1) });
  expect(controller.nextAutoLevel).toBe(2);
});

it('leaves room exactly while there is a wish', () => {
  expect(hls.config['maxMaxBufferLength']).toBe(0);
  load();
  expect(hls.config['maxMaxBufferLength']).toBeGreaterThan(30);
  for (const sn of [0, 1, 2]) {
    hls.tell('FRAG_LOADING', { frag: frag(sn, 1) });
    hls.tell('FRAG_BUFFERED', { frag: frag(sn, 1) });
  }
  expect(plugin.advisor.wish).toBeNull();
  expect(hls.config['maxMaxBufferLength']).toBe(0);
});

it('puts segments a trifle early, so that none seems to end after the buffer', () => {
  const [first, second] = load();
  expect(first!.setStart).not.toHaveBeenCalled();
  const at = second!.setStart.mock.lastCall?.[0] as number;
  expect(at).toBeLessThan(4);
  expect(at).toBeGreaterThan(4 - 1e-5);
});

it('aborts the transfer that the core gives up, and no other', async () => {
  stage.core.quality = 'high';
  load();
  const loading = frag(0, 2);
  hls.tell('FRAG_LOADING', { frag: loading });
  stage.core.forced.push(action('abandon', 1, 'high'), action('abandon', 0, 'ultra'));
  plugin.advisor.received(0, 'high', 5);
  await Promise.resolve();
  expect(loading.abortRequests).not.toHaveBeenCalled();
  stage.core.forced.push(action('abandon', 0, 'high'));
  plugin.advisor.received(0, 'high', 6);
  await Promise.resolve();
  expect(loading.abortRequests).toHaveBeenCalledOnce();
  expect(hls.trigger.mock.lastCall?.[0]).toBe('FRAG_LOAD_EMERGENCY_ABORTED');
});

it('serves one Hls', () => {
  const Controller = plugin.config.abrController!;
  expect(() => new Controller(hls as unknown as Hls)).toThrow('a quickSyncHls of its own');
});
