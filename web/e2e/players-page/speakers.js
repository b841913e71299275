// Three players that speak CMCD, each left to its own rules.

import * as dashjs from 'dashjs';
import Hls from 'hls.js';
import shaka from 'shaka-player';

const BUFFER_S = 8;
const EVENTS = ['ps', 't', 'rr', 'bc'];
const KEYS = ['br', 'bl', 'mtp', 'bs', 'bsa', 'sid', 'ot', 'sf', 'st', 'v', 'd', 'su', 'tb', 'rtp'];
const REPORTED = [...KEYS, 'e', 'ts', 'sn', 'sta', 'url', 'rc', 'ttfb', 'ttlb'];

const target = (url) => ({ url, events: EVENTS, interval: 2 });

function speakHls(element, url, { version, mode, reports, session }, fail) {
  const eventTargets = mode === 'events' ? [{ ...target(reports), includeKeys: REPORTED }] : [];
  const hls = new Hls({
    enableWorker: false,
    startLevel: 0,
    maxBufferLength: BUFFER_S,
    maxMaxBufferLength: BUFFER_S,
    fragLoadPolicy: { default: patience },
    cmcd: { version, sessionId: session, useHeaders: mode === 'headers', eventTargets },
  });
  hls.on(Hls.Events.ERROR, (_, { details, fatal }) => fatal && fail(details));
  hls.attachMedia(element);
  hls.loadSource(url);
  return () => hls.destroy();
}

/** The network is dead for a while: nobody is to give up. */
const patience = {
  maxTimeToFirstByteMs: 60_000,
  maxLoadTimeMs: 60_000,
  timeoutRetry: { maxNumRetry: 4, retryDelayMs: 100, maxRetryDelayMs: 100 },
  errorRetry: { maxNumRetry: 4, retryDelayMs: 100, maxRetryDelayMs: 100 },
};

async function speakShaka(element, url, { version, mode, reports, session }, fail) {
  const player = new shaka.Player();
  const events = { ...target(reports), enabled: true, includeKeys: REPORTED };
  const eventTargets = mode === 'events' ? [events] : [];
  await player.attach(element);
  const { CRITICAL } = shaka.util.Error.Severity;
  player.addEventListener('error', ({ detail }) => {
    if (detail?.severity === CRITICAL) fail(`shaka ${detail.code}`);
  });
  player.configure({
    streaming: { bufferingGoal: BUFFER_S, retryParameters: { timeout: 60_000, stallTimeout: 0 } },
    cmcd: {
      enabled: true,
      version,
      sessionId: session,
      useHeaders: mode === 'headers',
      eventTargets,
    },
  });
  await player.load(url);
  return () => player.destroy();
}

function speakDash(element, url, { version, mode, reports, session }, fail) {
  const player = dashjs.MediaPlayer().create();
  const events = { ...target(reports), enabled: true, enabledKeys: REPORTED };
  player.updateSettings({
    debug: { logLevel: dashjs.Debug.LOG_LEVEL_NONE },
    streaming: {
      buffer: { bufferTimeDefault: BUFFER_S, bufferTimeAtTopQuality: BUFFER_S },
      fragmentRequestTimeout: 60_000,
      cmcd: {
        enabled: true,
        version,
        sid: session,
        mode: mode === 'headers' ? 'header' : 'query',
        ...(mode === 'events' && { eventTargets: [events] }),
      },
    },
  });
  player.on(dashjs.MediaPlayer.events.ERROR, ({ error }) => fail(`dash.js ${error?.code}`));
  player.initialize(element, url, false);
  return () => player.destroy();
}

export const SPEAKERS = { 'hls.js': speakHls, shaka: speakShaka, 'dash.js': speakDash };
