/// <reference types="node" />
import { EventEmitter } from 'node:events';

import { beforeEach, describe, expect, it } from 'vitest';

import { apiOf } from '../net/server.ts';
import { DEFAULT_BUFFER } from '../preferences.ts';
import { FakeClock, settle } from '../testing/fakeClock.ts';
import { FakeServer } from '../testing/fakeServer.ts';
import { seconds } from '../units.ts';
import { HlsEngine } from './hlsEngine.ts';
import type { HlsClass } from './source.ts';

const NAMES = ['MANIFEST_PARSED', 'FRAG_LOADING', 'FRAG_LOADED', 'FRAG_BUFFERED', 'ERROR'];

class FakeHls extends EventEmitter {
  static Events = Object.fromEntries(NAMES.map((name) => [name, name]));
  static supported = true;
  static opus = true;
  static made: FakeHls[] = [];
  static isSupported = () => FakeHls.supported;
  static getMediaSource = () => ({ isTypeSupported: () => FakeHls.opus });
  levels = ['low', 'medium', 'high', 'ultra'].map((name) => ({ name }));
  loadLevel = -2;
  url = '';
  did: string[] = [];
  readonly config: Record<string, number>;
  constructor(config: Record<string, number>) {
    super();
    this.config = config;
    FakeHls.made.push(this);
  }
  attachMedia = () => undefined;
  loadSource = (url: string) => void (this.url = url);
  recoverMediaError = () => void this.did.push('recover');
  destroy = () => void this.did.push('destroy');
  tell = (event: string, data: object = {}) => this.emit(event, event, data);
}

class FakeElement extends EventTarget {
  currentTime = 0;
  volume = 1;
  muted = false;
  playbackRate = 1;
  defaultPlaybackRate = 1;
  seeking = false;
  ended = false;
  error = null;
  src = '';
  buffered = { length: 1, start: () => 0, end: () => 12 };
  did: string[] = [];
  canPlayType = (type: string) => (/opus/.test(type) && !FakeHls.opus ? '' : 'maybe');
  load = () => undefined;
  removeAttribute = () => void (this.src = '');
  play = async () => void this.did.push('play');
  pause = () => void this.did.push('pause');
  is = (event: string) => this.dispatchEvent(new Event(event));
}

let clock: FakeClock;
let server: FakeServer;
let element: FakeElement;
let engine: HlsEngine;
const hls = () => FakeHls.made.at(-1)!;
const frag = (sn: number, level: number) => ({
  frag: { sn, level, start: sn * 4, end: sn * 4 + 4, stats: STATS },
});
const STATS = { total: 64_000, loading: { start: 100, end: 612 } };

beforeEach(() => {
  Object.assign(FakeHls, { supported: true, opus: true, made: [] });
  clock = new FakeClock();
  server = new FakeServer(clock);
  for (const id of ['a', 'b']) server.add(id, 3);
  element = new FakeElement();
  engine = new HlsEngine({
    api: apiOf({ baseUrl: 'http://server.test', fetch: server.fetch, storage: null }),
    clock,
    element: element as unknown as HTMLMediaElement,
    hls: async () => FakeHls as unknown as HlsClass,
    mode: 'auto',
    buffer: DEFAULT_BUFFER,
  });
});

async function load(position = 0, following: { id: string; title: string } | null = null) {
  engine.load({ id: 'a', title: 'A' }, { position: seconds(position), play: true, following });
  await clock.advance(100);
}

describe('HlsEngine', () => {
  it('plays a track from where it is told, and says how it goes', async () => {
    await load(7);
    expect(hls().url).toBe('http://server.test/api/tracks/a/hls?ticket=1');
    expect(hls().config).toMatchObject({ startPosition: 7, maxMaxBufferLength: 30 });
    expect(element.did).toEqual(['play']);
    expect(engine.state).toMatchObject({ status: 'loading', duration: 11.52 });
    element.is('playing');
    hls().tell('FRAG_LOADING', frag(0, 2));
    expect(engine.state).toMatchObject({ status: 'playing', fetching: { quality: 'high' } });
    hls().tell('FRAG_LOADED', frag(0, 2));
    hls().tell('FRAG_BUFFERED', frag(0, 2));
    hls().tell('FRAG_BUFFERED', frag(1, 2));
    hls().tell('FRAG_BUFFERED', frag(2, 0));
    element.currentTime = 9;
    element.is('timeupdate');
    expect(engine.state).toMatchObject({
      position: 9,
      throughput: 1_000,
      fetching: null,
      playing: { quality: 'low', bitrateKbps: 64 },
      buffered: [
        { start: 0, end: 8, quality: 'high' },
        { start: 8, end: 12, quality: 'low' },
      ],
    });
  });

  it('counts stalls, and not the wait after a seek', async () => {
    await load();
    element.is('playing');
    element.is('waiting');
    await clock.advance(1_500);
    element.is('playing');
    expect(engine.state.stalls).toEqual({ count: 1, total: 1.5 });
    element.seeking = true;
    element.is('waiting');
    expect(engine.state.stalls.count).toBe(1);
  });

  it('holds a quality, and lets go of it', async () => {
    await load();
    hls().tell('MANIFEST_PARSED');
    expect(hls().loadLevel).toBe(-1);
    engine.setMode('medium');
    expect(hls().loadLevel).toBe(1);
    engine.overrideQuality('ultra');
    expect(hls().loadLevel).toBe(3);
    engine.overrideQuality(null);
    engine.setMode('auto');
    expect(hls().loadLevel).toBe(-1);
  });

  it('goes on into what follows, and ends after it', async () => {
    const following = { id: 'b', title: 'B' };
    await load(0, following);
    element.is('ended');
    expect(engine.state.track).toBe(following);
    await clock.advance(100);
    expect(hls().url).toContain('/b/');
    element.is('playing');
    element.is('ended');
    expect(engine.state.status).toBe('ended');
    engine.play();
    expect([engine.state.position, element.did.at(-1)]).toEqual([0, 'play']);
  });

  it('comes back with fresh tickets when the network fails', async () => {
    await load();
    element.currentTime = 6;
    element.is('timeupdate');
    server.down = true;
    hls().tell('ERROR', { fatal: true, type: 'networkError' });
    expect(engine.state.error?.code).toBe('offline');
    await clock.advance(5_000);
    server.down = false;
    await clock.advance(20_000);
    expect(FakeHls.made).toHaveLength(2);
    expect(hls().config['startPosition']).toBe(6);
    hls().tell('FRAG_LOADED', frag(1, 0));
    expect(engine.state.error).toBeNull();
  });

  it('mends a decoding error once, and then says so', async () => {
    await load();
    hls().tell('ERROR', { fatal: true, type: 'mediaError' });
    expect(hls().did).toEqual(['recover']);
    hls().tell('ERROR', { fatal: true, type: 'mediaError' });
    expect(engine.state).toMatchObject({ status: 'error', error: { code: 'decode' } });
    engine.play();
    await clock.advance(100);
    expect([FakeHls.made.length, engine.state.status]).toEqual([2, 'loading']);
  });

  it('says when the server will not have it', async () => {
    server.refuseWith = 404;
    await load();
    expect(engine.state.error?.code).toBe('unavailable');
  });

  it('takes MP3 where there is no Opus, and the browser’s own HLS only where there is no media source', async () => {
    FakeHls.opus = false;
    await load();
    expect(hls().url).toContain('/mp3?');
    FakeHls.supported = false;
    await load();
    expect(FakeHls.made).toHaveLength(1);
    expect(element.src).toContain('/mp3?');
    FakeHls.opus = true;
    await load();
    expect(element.src).not.toContain('/mp3?');
  });

  it('sounds as it is set', async () => {
    engine.setVolume(0.4);
    engine.setRate(9);
    await load();
    expect([element.volume, element.playbackRate]).toEqual([0.4, 4]);
    engine.pause();
    expect(element.did.at(-1)).toBe('pause');
    engine.destroy();
    await settle();
    expect(hls().did.at(-1)).toBe('destroy');
  });
});
