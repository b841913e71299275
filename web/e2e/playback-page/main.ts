// A page with nothing but the player: a test starts it, talks to it, and takes its report.

import {
  createPlayer,
  type BufferSettings,
  type Crossfade,
  type EngineOptions,
  type Player,
  type Preferences,
} from '@quicksync/player';
import { createWasmCore } from '@quicksync/player/wasm';
import { capture, captureMixes } from './capture.ts';
import { heardAt, tapSourceBuffers } from './tap.ts';

interface Setup {
  readonly baseUrl: string;
  readonly token: string;
  readonly queue: readonly { readonly id: string; readonly title: string }[];
  readonly preferences: Preferences;
  /** The most is the most on any network. */
  readonly buffer: BufferSettings;
  /** Listens to what the player mixes of these tones, not to its first element. */
  readonly mixOf?: readonly number[];
  readonly crossfade?: Crossfade;
  /** Whether hls.js may take over where our engine cannot play. */
  readonly standIn?: boolean;
}

interface Moment {
  /** Seconds since the player asked for anything. */
  readonly t: number;
  readonly position: number;
  readonly status: string;
  readonly index: number;
  readonly heard: number | null;
  readonly shown: number | null;
  readonly ahead: number;
}

interface Request {
  readonly t: number;
  readonly path: string;
  status: number;
  took: number;
}

const SAMPLE_MS = 100;
const appended = tapSourceBuffers();
const element = new Audio();
// What the browser fetches itself comes from another origin too, and silence is all we would hear of it.
element.crossOrigin = 'anonymous';
const moments: Moment[] = [];
const requests: Request[] = [];
let waiting = 0;
let started = 0;
let token = '';

const since = (from: number) => (performance.now() - from) / 1e3;

/** The browser's fetch, with a note of every request. */
const noted: typeof fetch = async (input, init) => {
  const from = performance.now();
  const path = new URL(String(input)).pathname;
  const request: Request = { t: since(started), path, status: 0, took: 0 };
  requests.push(request);
  try {
    const response = await fetch(input, init);
    request.status = response.status;
    return response;
  } finally {
    request.took = since(from);
  }
};

function look(player: Player): Moment {
  const { status, index, playing } = player.state;
  const position = element.currentTime;
  const { buffered } = element;
  const range = Array.from({ length: buffered.length }, (_, i) => i).find(
    (i) => buffered.start(i) <= position + 0.1 && position < buffered.end(i),
  );
  return {
    t: since(started),
    position,
    status,
    index,
    heard: heardAt(appended, position),
    shown: playing?.bitrateKbps ?? null,
    ahead: range === undefined ? 0 : buffered.end(range) - position,
  };
}

/** Milliseconds from asking to the first movement of the sound at the new place. */
async function seekToSound(player: Player, position: number): Promise<number> {
  const asked = performance.now();
  player.seek(position);
  while (element.currentTime <= position || element.currentTime > position + 2 || element.paused) {
    await new Promise((next) => void setTimeout(next, 2));
  }
  return performance.now() - asked;
}

const hlsEngine = async (options: EngineOptions) =>
  (await import('@quicksync/player/hls')).createHlsEngine(options);

async function start(setup: Setup) {
  const listen = setup.mixOf ? captureMixes(element, setup.mixOf) : await capture(element);
  const core = await createWasmCore();
  element.addEventListener('waiting', () => (waiting += 1));
  token = setup.token;
  started = performance.now();
  const player = createPlayer({
    baseUrl: setup.baseUrl,
    getToken: () => token,
    core,
    element,
    fetch: noted,
    preferences: setup.preferences,
    buffer: setup.buffer,
    bufferDepth: setup.buffer.max_buffer_size,
    ...(setup.standIn && { fallback: hlsEngine }),
  });
  if (setup.crossfade) {
    player.setCrossfade(setup.crossfade);
    await new Promise<void>((resolve) => {
      const stop = player.subscribe(
        (state) => state.crossfade,
        () => (stop(), resolve()),
      );
    });
  }
  setInterval(() => moments.push(look(player)), SAMPLE_MS);
  player.load(setup.queue, 0, { play: true });
  const report = () => ({
    moments,
    requests,
    appended,
    waiting,
    capture: listen(),
    refused: (globalThis as { refused?: number }).refused ?? 0,
    state: player.state,
    log: player.decisionLog(),
  });
  Object.assign(globalThis, { seekToSound: (to: number) => seekToSound(player, to) });
  Object.assign(globalThis, { player, report, setToken: (next: string) => (token = next) });
}

Object.assign(globalThis, { start });
