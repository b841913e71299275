// The documented interface, answering from memory when a test lets it.

import { vi } from 'vitest';

import type {
  QuickSyncBounds,
  QuickSyncDevice,
  QuickSyncPreferences,
  QuickSyncStatus,
} from '../types.ts';

export const STATUS: QuickSyncStatus = {
  network: { speed_mbps: 3.5, status: 'good', source: 'playback' },
  system: { cpu_percent: 25, memory_percent: 60, status: 'low_load' },
  quality: {
    level: 'high',
    bitrate: 256,
    description: 'High quality - best experience',
    auto_selected: true,
    reason: 'Starting at high: 3.5 Mbps expected',
  },
  buffer: { buffer_size: 15, preload: 'auto', max_buffer_size: 30, rebuffer_threshold: 4.5 },
};

export const PREFERENCES: QuickSyncPreferences = {
  mode: 'auto',
  prefer_quality: true,
  adapt_to_system: true,
  auto_download_quality: false,
};

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: unknown;
}

export class FakeServer {
  preferences = PREFERENCES;
  status = STATUS;
  /** Left out of answers while it is undefined, as by a server without rules of devices. */
  device: QuickSyncDevice | undefined;
  bounds: QuickSyncBounds | undefined;
  readonly asked: Asked[] = [];
  /** Answers the next requests with these, oldest first. */
  readonly refusals: { status: number; detail: string }[] = [];
  /** While set, answers wait for it. */
  gate: Promise<void> = Promise.resolve();

  constructor() {
    vi.stubGlobal('fetch', this.#fetch);
  }

  paths(): string[] {
    return this.asked.map(({ method, path }) => `${method} ${path.split('/').at(-2)}`);
  }

  readonly #fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const { method = 'GET' } = init;
    const body = typeof init.body === 'string' ? JSON.parse(init.body) : null;
    this.asked.push({ method, path: url, headers: new Headers(init.headers), body });
    await this.gate;
    const refusal = this.refusals.shift();
    if (refusal) return Response.json(refusal, { status: refusal.status });
    if (url.endsWith('/status/')) {
      const { status, preferences, device, bounds } = this;
      return Response.json({
        status,
        preferences,
        ...(device ? { device } : {}),
        ...(bounds ? { bounds } : {}),
      });
    }
    if (url.endsWith('/preferences/')) {
      this.preferences = { ...this.preferences, ...body };
      const { preferences, status } = this;
      return Response.json({ ...preferences, preferences, status });
    }
    return Response.json({
      network_speed_mbps: 4.2,
      system_resources: { cpu_percent: 30, memory_percent: 55 },
      recommended_quality: 'high',
      timestamp: 1_702_656_789.123,
      source: 'server_probe',
    });
  };
}
