// Plays one URL with one engine from its first sample to its last, and listens.

import { capture } from '../playback-page/capture.ts';
import { advise } from './advised.js';
import { ENGINES } from './engines.js';
import { SPEAKERS } from './speakers.js';

/** An element that is listened to, and where it is. */
async function listener() {
  const element = new Audio();
  const errors = [];
  const listen = await capture(element);
  const where = () => {
    const { currentTime, paused, readyState, buffered } = element;
    const ends = Array.from({ length: buffered.length }, (_, n) => buffered.end(n));
    return { currentTime, paused, readyState, ends, errors };
  };
  Object.assign(globalThis, { where });
  return { element, errors, listen };
}

async function play(engine, url) {
  const { element, errors, listen } = await listener();
  const ended = new Promise((resolve) => element.addEventListener('ended', resolve));
  let waiting = 0;
  await ENGINES[engine](element, url, (text) => errors.push(text));
  if (element.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) {
    await new Promise((resolve) => element.addEventListener('canplay', resolve));
  }
  element.addEventListener('waiting', () => (waiting += 1));
  await element.play();
  await ended;
  // The last of it is still on its way to the detector.
  await new Promise((resolve) => void setTimeout(resolve, 500));
  return { capture: listen(), errors, waiting, duration: element.duration };
}

/** Plays for so many seconds with an engine that speaks CMCD as told; what went wrong. */
async function speak(engine, url, cmcd, seconds) {
  const element = new Audio();
  const errors = [];
  const stop = await SPEAKERS[engine](element, url, cmcd, (text) => errors.push(text));
  element.autoplay = true;
  element.play().catch(() => undefined);
  await new Promise((resolve) => void setTimeout(resolve, seconds * 1000));
  await stop();
  return errors;
}

/** Plays with our decisions inside for so many seconds. */
async function playAdvised(engine, url, lasting_s) {
  const { element, errors, listen } = await listener();
  const { advisor, wishes } = await advise(engine, element, url, (text) => errors.push(text));
  let stalls = 0;
  element.addEventListener(
    'playing',
    () => {
      element.addEventListener('waiting', () => (stalls += 1));
    },
    { once: true },
  );
  await element.play();
  await new Promise((resolve) => void setTimeout(resolve, lasting_s * 1e3));
  const { currentTime } = element;
  const report = { capture: listen(), errors, stalls, currentTime, wishes };
  return { ...report, log: advisor.decisionLog() };
}

Object.assign(globalThis, { play, playAdvised, speak });
