import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { done, offlineStage, passing } from '../testing/offlineStage.ts';
import { isGoodNetwork, upgradeOffline, type SaveProgress } from './index.ts';
import { openOfflineStore } from './open.ts';

const TRACK = { id: 'a', title: 'Track a', artist: 'Someone' };
const KB = 480;

afterEach(() => vi.restoreAllMocks());

describe('saving a track', () => {
  it('keeps every piece at the quality asked for, and says how far it is', async () => {
    const { clock, server, store } = await offlineStage();
    server.add('a', 4);
    const seen: SaveProgress[] = [];
    const kept = await done(
      clock,
      store.save(TRACK, 'high', { onProgress: (progress) => seen.push(progress) }),
    );
    expect(kept).toMatchObject({ track: TRACK, quality: 'high', complete: true, best: false });
    expect(server.paths('/a/high/')).toHaveLength(5);
    expect(seen.map(({ segmentsDone }) => segmentsDone)).toEqual([0, 0, 0, 1, 2, 3, 4]);
    expect(seen.at(-1)).toMatchObject({ bytesTotal: 4 * 256 * KB, segments: 4 });
    expect(seen.at(-1)!.bytesDone).toBe(4 * 256 * KB + 2);
    expect(await store.has('a')).toBe(true);
    expect(await store.list()).toEqual([kept]);
    expect(await store.usage()).toMatchObject({ bytes: 4 * 256 * KB + 2 });
  });

  it('stops when it is told to, and goes on where it stopped', async () => {
    const { clock, server, store } = await offlineStage();
    server.add('a', 6);
    server.rateKbps = 400;
    const stop = new AbortController();
    const saving = store.save(TRACK, 'medium', { signal: stop.signal });
    saving.catch(() => undefined);
    await passing(clock, 4_000);
    stop.abort(new Error('enough'));
    await expect(saving).rejects.toThrow('enough');
    expect(await store.has('a')).toBe(false);
    const [half] = await store.list();
    expect(half).toMatchObject({ complete: false, segments: 6 });
    expect(half!.segmentsKept).toBeGreaterThan(0);
    const asked = server.paths('/a/medium/').length;
    await done(clock, store.save(TRACK, 'medium'));
    const again = server.paths('/a/medium/').slice(asked);
    expect(again).toHaveLength(6 - half!.segmentsKept);
    expect(await store.has('a')).toBe(true);
  });

  it('begins anew where the audio has changed meanwhile', async () => {
    const { clock, server, store } = await offlineStage();
    server.add('a', 3);
    await done(clock, store.save(TRACK, 'low'));
    server.add('a', 2);
    const kept = await done(clock, store.save(TRACK, 'low'));
    expect(kept).toMatchObject({ segments: 2, segmentsKept: 2, bytes: 2 * 64 * KB + 2 });
  });

  it('waits out a network that comes back, and names one that does not', async () => {
    const { clock, server, store } = await offlineStage();
    server.add('a', 2);
    server.down = true;
    const saving = store.save(TRACK, 'low');
    await passing(clock, 3_000);
    server.down = false;
    expect(await done(clock, saving)).toMatchObject({ complete: true });
    server.down = true;
    const failing = store.save({ id: 'b', title: 'B' }, 'low');
    await expect(done(clock, failing)).rejects.toMatchObject({ code: 'network' });
  });

  it('gets a fresh ticket on the way, and names a login that has ended', async () => {
    const { clock, server, store } = await offlineStage();
    server.add('a', 8);
    server.rateKbps = 400;
    const saving = store.save(TRACK, 'low');
    await passing(clock, 3_000);
    server.ticket = 2;
    expect(await done(clock, saving)).toMatchObject({ complete: true });
    server.refuseWith = 401;
    const failing = store.save({ id: 'b', title: 'B' }, 'low');
    await expect(done(clock, failing)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('names a track that the server does not have', async () => {
    const { clock, store } = await offlineStage();
    const failing = store.save(TRACK, 'low');
    await expect(done(clock, failing)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('does not keep what a busy server sends in the place of what was asked for', async () => {
    const { clock, server, store } = await offlineStage();
    server.add('a', 2);
    server.standIn = 'low';
    const saving = store.save(TRACK, 'ultra');
    await passing(clock, 2_000);
    expect((await store.list())[0]).toMatchObject({ segmentsKept: 0 });
    server.standIn = null;
    expect(await done(clock, saving)).toMatchObject({ bytes: 2 * 320 * KB + 2, best: true });
  });

  it('names a device without room, and keeps what it has', async () => {
    const { clock, server, store } = await offlineStage();
    server.add('a', 3);
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function full() {
      throw new DOMException('full', 'QuotaExceededError');
    });
    const failing = store.save(TRACK, 'low');
    await expect(done(clock, failing)).rejects.toMatchObject({ code: 'quota' });
    expect(put).toHaveBeenCalled();
    put.mockRestore();
    expect(await done(clock, store.save(TRACK, 'low'))).toMatchObject({ complete: true });
  });
});

describe('what is stored', () => {
  it('saves one track at a time, and removes one that waits or is under way', async () => {
    const { clock, server, store } = await offlineStage();
    for (const id of ['a', 'b', 'c']) server.add(id, 4);
    server.rateKbps = 400;
    const changed = vi.fn();
    const stop = store.subscribe(changed);
    const saves = ['a', 'b', 'c'].map((id) => store.save({ id, title: id }, 'low'));
    const outcomes = Promise.allSettled(saves);
    await passing(clock, 1_500);
    expect(server.paths('/b/manifest')).toEqual([]);
    await done(clock, Promise.all([store.remove('a'), store.remove('c')]));
    const settled = await done(clock, outcomes);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
    expect((await store.list()).map(({ track }) => track.id)).toEqual(['b']);
    expect(changed).toHaveBeenCalled();
    stop();
  });

  it('plays in the old quality until a better copy is whole', async () => {
    const { clock, server, store } = await offlineStage();
    server.add('a', 4);
    await done(clock, store.save(TRACK, 'low'));
    server.rateKbps = 400;
    const upgrading = upgradeOffline(store, 'ultra');
    await passing(clock, 6_000);
    expect((await store.open('a'))?.manifest.startQuality).toBe('low');
    expect(await done(clock, upgrading)).toBe(1);
    const stored = await store.open('a');
    expect(stored?.manifest.ladder.map(({ quality }) => quality)).toEqual(['ultra']);
    expect((await stored?.read(3))?.byteLength).toBe(320 * KB);
    expect(await store.list()).toHaveLength(1);
    expect(await done(clock, upgradeOffline(store, 'ultra'))).toBe(0);
  });

  it('is not upgraded where bytes cost money', async () => {
    const { clock, server, store } = await offlineStage();
    server.add('a', 2);
    await done(clock, store.save(TRACK, 'low'));
    expect(await upgradeOffline(store, 'high', { allowed: () => false })).toBe(0);
    const scope = (connection: object) =>
      Object.assign(new EventTarget(), { navigator: { connection } }) as never;
    expect(isGoodNetwork(scope({ type: 'wifi' }))).toBe(true);
    expect(isGoodNetwork(scope({ type: 'cellular' }))).toBe(false);
    expect(isGoodNetwork(scope({ type: 'wifi', saveData: true }))).toBe(false);
    expect(isGoodNetwork(new EventTarget() as never)).toBe(true);
  });

  it('asks the browser for room, and says how much there is', async () => {
    const persist = vi.fn(() => Promise.resolve(true));
    const estimate = () => Promise.resolve({ usage: 10, quota: 1_000 });
    const { clock, server, store } = await offlineStage({ room: { persist, estimate } });
    server.add('a', 1);
    await done(clock, store.save(TRACK, 'low'));
    expect(persist).toHaveBeenCalled();
    expect(await store.usage()).toEqual({ bytes: 64 * KB + 2, usedBytes: 10, quotaBytes: 1_000 });
  });

  it('cannot be had where the browser stores nothing', async () => {
    const request = new EventTarget();
    const forbidden = { open: () => (setTimeout(() => refuse()), request) } as never;
    const refuse = () => request.dispatchEvent(new Event('error'));
    const open = openOfflineStore({ indexedDB: forbidden, storage: null });
    await expect(open).rejects.toMatchObject({ code: 'unsupported' });
  });
});
