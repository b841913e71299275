import { describe, expect, it, vi } from 'vitest';

import { FakeClock, settle } from '../testing/fakeClock.ts';
import { bytes, millis } from '../units.ts';
import { createApi, segmentUrl } from './api.ts';
import { createConnection } from './connection.ts';
import { deviceId } from './device.ts';
import { ManifestError, readManifest } from './manifest.ts';
import { createSampleReporter } from './samples.ts';
import { failureOf, transfer } from './transfer.ts';

const WIRE = {
  track_id: 'a',
  samples: 200_001,
  segment_samples: 184_320,
  segments: 2,
  start_quality: 'medium',
  ladder: [
    {
      quality: 'low',
      bitrate_kbps: 64,
      codec: 'Opus',
      init_url: '/i',
      segment_url: '/low/{n}',
      segment_bytes: 30_720,
    },
  ],
};

describe('the manifest', () => {
  it('is read with absolute URLs, lowest rung first', () => {
    const second = { ...WIRE.ladder[0], quality: 'ultra', bitrate_kbps: 320 };
    const ladder = [second, ...WIRE.ladder];
    const manifest = readManifest({ ...WIRE, ladder }, (url) => `http://s${url}`);
    expect(manifest.ladder.map(({ quality }) => quality)).toEqual(['low', 'ultra']);
    expect(segmentUrl(manifest.ladder[0]!.segmentUrl, 7)).toBe('http://s/low/7');
  });

  it('is refused with the field named if anything in it cannot be', () => {
    const rung = WIRE.ladder[0];
    for (const [change, field] of [
      [{ samples: 0 }, 'samples'],
      [{ samples: '9' }, 'samples'],
      [{ segments: 3 }, 'segments'],
      [{ ladder: [] }, 'ladder'],
      [{ ladder: 'none' }, 'ladder'],
      [{ ladder: [{ ...rung, quality: 'best' }] }, 'ladder.quality'],
      [{ ladder: [{ ...rung, segment_url: '' }] }, 'segment_url'],
      [{ ladder: [{ ...rung, segment_bytes: 1.5 }] }, 'segment_bytes'],
      [{ start_quality: null }, 'start_quality'],
    ] as const) {
      const read = () => readManifest({ ...WIRE, ...change }, String);
      expect(read, field).toThrow(ManifestError);
      expect(read).toThrow(new RegExp(`${field}$`));
    }
    expect(() => readManifest(null, String)).toThrow(ManifestError);
  });
});

describe('a transfer', () => {
  it('says when its first byte came and reports what has come since', async () => {
    const clock = new FakeClock();
    let pieces = 0;
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await new Promise<void>((resolve) => void clock.after(millis(100), resolve));
        controller.enqueue(new Uint8Array(10));
        pieces += 1;
        if (pieces === 3) controller.close();
      },
    });
    const fetch = () =>
      new Promise<Response>((resolve) => {
        clock.after(millis(50), () => resolve(new Response(body)));
      });
    const seen: number[] = [];
    const options = { clock, fetch, signal: new AbortController().signal };
    const pending = transfer('/x', { ...options, onProgress: (total) => seen.push(total) });
    await clock.advance(1_000);
    expect(await pending).toMatchObject({ ok: true, firstByte: 50, duration: 300 });
    expect(seen).toEqual([10, 20, 30]);
  });

  it('tells refusals apart by what mends them', () => {
    for (const [statuses, failure] of [
      [[401, 403, 410], 'refused'],
      [[408, 425, 429, 500, 502, 503, 504], 'busy'],
      [[400, 404, 416], 'missing'],
    ] as const) {
      for (const status of statuses) expect(failureOf(status), String(status)).toBe(failure);
    }
  });
});

describe('the connection', () => {
  it('waits longer after each failure, no longer than eight seconds, and not at all once woken', async () => {
    const clock = new FakeClock();
    const connection = createConnection(clock, () => undefined);
    const { signal } = new AbortController();
    const waits: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      connection.failed();
      const from = clock.now();
      let ready = false;
      void connection.ready(signal).then(() => (ready = true));
      while (!ready) await clock.advance(100);
      waits.push((clock.now() - from) / 1e6);
    }
    expect(waits).toEqual([0.5, 1, 2, 4, 8, 8]);
    connection.failed();
    let ready = false;
    void connection.ready(signal).then(() => (ready = true));
    await settle();
    expect(ready).toBe(false);
    connection.wake();
    await settle();
    expect(ready).toBe(true);
    connection.succeeded();
    expect(connection.failures).toBe(0);
  });

  it('lets nothing out while the browser has media enough', async () => {
    const connection = createConnection(new FakeClock(), () => undefined);
    const wanted = vi.fn();
    connection.allow(false);
    void connection.wanted(new AbortController().signal).then(wanted);
    await settle();
    expect(wanted).not.toHaveBeenCalled();
    connection.allow(true);
    await settle();
    expect(wanted).toHaveBeenCalled();
  });
});

describe('throughput samples', () => {
  const reporter = (request: (path: string, init: RequestInit) => Promise<Response>) =>
    createSampleReporter({ request, resolve: String } as never, new FakeClock(), () => ({
      network_kind: 'wifi',
    }));

  it('go out five at a time, and again with the next if the network failed', async () => {
    const bodies: { samples: unknown[] }[] = [];
    let works = false;
    const samples = reporter(async (_, init) => {
      bodies.push(JSON.parse(String(init.body)));
      if (!works) throw new TypeError('network error');
      return new Response();
    });
    const add = (count: number) => {
      for (let n = 0; n < count; n += 1) samples.add(bytes(1_000), millis(10));
    };
    samples.add(bytes(0), millis(10));
    samples.add(bytes(10), millis(0));
    add(4);
    expect(bodies).toHaveLength(0);
    add(1);
    await settle();
    works = true;
    add(1);
    await settle();
    expect(bodies.map((body) => body.samples.length)).toEqual([5, 6]);
    expect(bodies[0]).toMatchObject({ network_kind: 'wifi' });
  });
});

describe('who asks', () => {
  it('is named by token and device, at any path prefix', async () => {
    const fetch = vi.fn(async () => new Response());
    const api = createApi({
      baseUrl: 'http://h.test/music/',
      fetch,
      credentials: 'include',
      deviceId: 'device',
      getToken: () => 'secret',
    });
    await api.request('/api/x/');
    const [url, init] = fetch.mock.calls[0] as unknown as [string, RequestInit];
    const headers = init.headers as Headers;
    expect(url).toBe('http://h.test/music/api/x/');
    expect(headers.get('Authorization')).toBe('Bearer secret');
    expect(headers.get('X-Quick-Sync-Device')).toBe('device');
    expect(api.resolve('/music/s?t=1')).toBe('http://h.test/music/s?t=1');
  });

  it('keeps one UUID per storage, and does without storage', () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    };
    const first = deviceId(storage);
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(deviceId(storage)).toBe(first);
    kept.set('quicksync.device', 'nonsense');
    expect(deviceId(storage)).not.toBe('nonsense');
    const broken = {
      ...storage,
      getItem: () => {
        throw new Error('forbidden');
      },
    };
    expect(deviceId(broken)).toHaveLength(36);
    expect(deviceId(null)).not.toBe(deviceId(null));
  });
});
